CREATE TABLE audit_backup (id, detail);
UPDATE audit_events SET detail = coalesce((SELECT detail FROM audit_backup WHERE id = audit_events.id), detail);
DROP TABLE audit_backup;
