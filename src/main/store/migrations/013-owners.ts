import type { Migration } from './migration'

/**
 * Rows have the owner id (process-lock.ts) of the process that works on them. Process ids and times remain for rows of earlier versions, which
 * have no owner; nothing else reads them. A job's result is stored in the same transaction as the data of its worker. Files that are being written or
 * are to be removed are listed until they are stored or deleted, so that a later start can finish the work of a killed process.
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
