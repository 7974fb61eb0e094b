-- The audit trail. `once` names an event that a repeated step must not add again; events that
-- were carried over, or that belong to no workflow, have none.
CREATE TABLE audit_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    workflow_id TEXT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    once TEXT UNIQUE
);

CREATE INDEX audit_events_of_workflow ON audit_events (workflow_id, id);
