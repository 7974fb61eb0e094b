DELETE FROM audit_events WHERE action = 'storage.moved';
