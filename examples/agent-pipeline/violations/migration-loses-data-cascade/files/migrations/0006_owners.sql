PRAGMA defer_foreign_keys = ON;
CREATE TABLE workflows_new (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    brief TEXT NOT NULL,
    repository TEXT NOT NULL,
    status TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    error TEXT,
    pull_request TEXT,
    owner TEXT NOT NULL DEFAULT ''
);
INSERT INTO workflows_new SELECT *, '' FROM workflows;
DROP TABLE workflows;
ALTER TABLE workflows_new RENAME TO workflows;
PRAGMA defer_foreign_keys = OFF;
