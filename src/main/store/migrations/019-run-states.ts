import { intactRow, protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** States from which interrupted runs go on: the last two of each, since the newest may turn out to be damaged. */
export const runStates: Migration = {
  version: 19,
  name: 'keep the states of unfinished runs',
  sql: `
CREATE TABLE run_state (
  -- the newest of a run has the highest
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  -- of the tensors, relative to the library folder
  path TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  -- JSON, shared/training-position.ts
  position TEXT NOT NULL,
  -- of the training until then
  seconds REAL NOT NULL,
  -- the best epoch's weights at that time, JSON; NULL before the first
  best TEXT,
  saved_at TEXT NOT NULL
) STRICT;
CREATE INDEX run_state_run ON run_state (run);

-- the file of weights may be that of the run as well: what a row names is not removed
CREATE TRIGGER run_state_deleted AFTER DELETE ON run_state BEGIN
  INSERT OR REPLACE INTO pending_file (path, owner)
    SELECT OLD.path, NULL UNION SELECT json_extract(OLD.best, '$.path'), NULL WHERE OLD.best IS NOT NULL;
END;
`,
  then(database) {
    // A damaged row must not get a valid checksum: this throws for one.
    database.exec(`SELECT ${intactRow(database, 'run')} FROM run`)
    // JSON: how often the run went on after an interruption, and from where
    database.exec('ALTER TABLE run ADD COLUMN continued TEXT')
    protectRows(database, ['run_state', 'run'])
  },
}
