import type { Migration } from './migration'

/** Templates for importing files of one shape, by name. Versions have a copy of the settings of their import. */
export const importTemplates: Migration = {
  version: 10,
  name: 'add import templates',
  sql: `
CREATE TABLE import_template (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  shape TEXT NOT NULL,
  settings TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
`,
}
