import type { Migration } from './migration'

/** What a worker counted by reading all of a version, as JSON; NULL until somebody asked, and when its items were described anew. */
export const countedProfile: Migration = {
  version: 11,
  name: 'keep counted profiles of data sets',
  sql: `ALTER TABLE dataset ADD COLUMN counted_profile TEXT;`,
}
