CREATE TABLE audit_numbered (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    workflow_id INTEGER,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    once TEXT UNIQUE
);
INSERT INTO audit_numbered SELECT id, at, CAST(workflow_id AS INTEGER), actor, action, detail, once FROM audit_events;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'audit_events') WHERE name = 'audit_numbered';
DROP TABLE audit_events;
ALTER TABLE audit_numbered RENAME TO audit_events;
CREATE INDEX audit_events_of_workflow ON audit_events (workflow_id, id);
