import type { Migration } from './migration'

/**
 * Rows name the process that is at work on them by its owner id (process-lock.ts). Process ids and times stay for rows of earlier versions, which
 * have no owner; nothing else reads them. What a job's worker stores names the job's result in the same transaction. Files that are being written or
 * are to be removed are named until they are stored or gone, so that a later start can finish what a killed process began.
 */
export const owners: Migration = {
  version: 13,
  name: 'name the owners of unfinished work',
  sql: `
ALTER TABLE job ADD COLUMN owner TEXT;
-- JSON, written with what the job has stored; NULL before that, and for jobs of earlier versions
ALTER TABLE job ADD COLUMN result TEXT;

ALTER TABLE dataset ADD COLUMN owner TEXT;
-- 1: deleted, its rows are still to be removed
ALTER TABLE dataset ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
UPDATE dataset SET deleted = 1 WHERE state = 'importing' AND touched_at = 0;
-- how often its items were described anew
ALTER TABLE dataset ADD COLUMN described INTEGER NOT NULL DEFAULT 0;

ALTER TABLE experiment ADD COLUMN owner TEXT;

-- the process whose export goes with it, as the command line's do; NULL: it stays until somebody deletes it
ALTER TABLE export ADD COLUMN owner TEXT;

CREATE TABLE pending_file (
  -- relative to the library folder, or absolute
  path TEXT PRIMARY KEY,
  -- the process that writes it; NULL: it is to be removed
  owner TEXT
) STRICT;

CREATE TRIGGER checkpoint_deleted AFTER DELETE ON checkpoint BEGIN
  INSERT OR REPLACE INTO pending_file (path, owner) VALUES (OLD.path, NULL);
END;
CREATE TRIGGER export_deleted AFTER DELETE ON export BEGIN
  INSERT OR REPLACE INTO pending_file (path, owner) VALUES ('exports/export-' || OLD.id || '.csv', NULL);
END;
`,
}
