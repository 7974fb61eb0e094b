ALTER TABLE workflows DROP COLUMN priority;
