import { protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** What people note about runs, in a table of its own: a run's row is what was trained and measured, and stays as it was stored. */
export const labels: Migration = {
  version: 22,
  name: 'tags, notes, views and comparisons of runs',
  sql: `
CREATE TABLE run_label (
  run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  -- JSON: text[]
  tags TEXT NOT NULL,
  -- Markdown
  note TEXT NOT NULL,
  starred INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  -- the process that removed the run and deletes it when it ends; until then that can be undone
  removed_by TEXT
) STRICT;
CREATE TABLE run_view (
  name TEXT PRIMARY KEY,
  -- JSON, shared/run-views.ts
  value TEXT NOT NULL
) STRICT;
CREATE TABLE comparison (
  name TEXT PRIMARY KEY,
  -- JSON, shared/comparisons.ts
  value TEXT NOT NULL
) STRICT;
`,
  then: (database) => protectRows(database, ['run_label', 'run_view', 'comparison']),
}
