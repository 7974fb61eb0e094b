CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
    text TEXT NOT NULL
);
