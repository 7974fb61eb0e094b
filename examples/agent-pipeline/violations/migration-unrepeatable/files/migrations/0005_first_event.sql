INSERT INTO audit_events (at, actor, action, detail) VALUES ('2026-01-01T00:00:00Z', 'stage-2', 'storage.moved', 'D1');
