DROP INDEX steps_by_status;
