-- The version before kept of each server that was down since when, and nothing else.
BEGIN;
INSERT OR IGNORE INTO server (queue, server, state, since, healthy_since, down_since, degraded)
  SELECT queue, server, 'UNKNOWN', since, NULL, since, '' FROM down;
DROP TABLE IF EXISTS down;
COMMIT;
