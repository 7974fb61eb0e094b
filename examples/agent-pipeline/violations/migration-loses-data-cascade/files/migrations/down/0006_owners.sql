ALTER TABLE workflows DROP COLUMN owner;
