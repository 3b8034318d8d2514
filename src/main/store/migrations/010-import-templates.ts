import type { Migration } from './migration'

/** How files of one shape are imported, by name. Versions keep the settings that they were imported with. */
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
