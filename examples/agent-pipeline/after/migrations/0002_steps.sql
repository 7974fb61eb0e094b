-- How each step of a workflow stands. No foreign key: the coordinator had none, and a step
-- whose workflow is gone must still arrive.
CREATE TABLE steps (
    workflow_id TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    artifact TEXT,
    PRIMARY KEY (workflow_id, name)
);
