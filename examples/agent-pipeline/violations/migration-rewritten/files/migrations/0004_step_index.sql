CREATE INDEX steps_by_status ON steps (status);
