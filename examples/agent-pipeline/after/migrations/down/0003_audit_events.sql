DROP INDEX audit_events_of_workflow;
DROP TABLE audit_events;
