-- How urgent a workflow is.
ALTER TABLE workflows ADD COLUMN priority INTEGER NOT NULL;
