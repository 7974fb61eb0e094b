-- The settings that the next workflow starts with, as JSON under the name 'service'.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
