CREATE TABLE audit_named (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    workflow_id TEXT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    once TEXT UNIQUE
);
INSERT INTO audit_named SELECT id, at, CAST(workflow_id AS TEXT), actor, action, detail, once FROM audit_events;
DROP TABLE audit_events;
ALTER TABLE audit_named RENAME TO audit_events;
CREATE INDEX audit_events_of_workflow ON audit_events (workflow_id, id);
