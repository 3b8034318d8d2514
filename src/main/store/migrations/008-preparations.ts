import type { Migration } from './migration'

/** Saved preparations. Runs have their own copy, so changing or deleting one changes no run. */
export const preparations: Migration = {
  version: 8,
  name: 'add named preparations',
  sql: `
CREATE TABLE preparation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
`,
}
