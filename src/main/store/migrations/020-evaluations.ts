import { protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** Evaluations after the training: until now their figures were only in the result of a job, which no page showed. */
export const evaluations: Migration = {
  version: 20,
  name: 'keep evaluations',
  sql: `
CREATE TABLE evaluation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  -- 1: of chosen users, 0: of the run's test users
  chosen INTEGER NOT NULL,
  -- JSON
  result TEXT NOT NULL,
  made_at TEXT NOT NULL
) STRICT;
CREATE INDEX evaluation_run ON evaluation (run);
`,
  then: (database) => protectRows(database, ['evaluation']),
}
