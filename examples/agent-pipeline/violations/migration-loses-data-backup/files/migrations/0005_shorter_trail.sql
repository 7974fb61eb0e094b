CREATE TABLE audit_backup AS SELECT id, detail FROM audit_events;
UPDATE audit_events SET detail = '';
DROP TABLE audit_backup;
