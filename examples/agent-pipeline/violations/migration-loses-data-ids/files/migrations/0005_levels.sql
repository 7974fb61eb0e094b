CREATE TABLE audit_levelled (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    workflow_id TEXT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    once TEXT UNIQUE,
    level INTEGER NOT NULL DEFAULT 0
);
INSERT INTO audit_levelled (at, workflow_id, actor, action, detail, once) SELECT at, workflow_id, actor, action, detail, once FROM audit_events;
DROP TABLE audit_events;
ALTER TABLE audit_levelled RENAME TO audit_events;
CREATE INDEX audit_events_of_workflow ON audit_events (workflow_id, id);
