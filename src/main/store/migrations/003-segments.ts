import type { Migration } from './migration'

/** Test results by segment of users and items: read whole with their run, and only there. */
export const segments: Migration = {
  version: 3,
  name: 'keep results by segment',
  sql: `
CREATE TABLE segments (
  run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  of_test TEXT NOT NULL
) STRICT;
`,
}
