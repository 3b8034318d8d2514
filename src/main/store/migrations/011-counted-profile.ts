import type { Migration } from './migration'

/** The results of reading all of a version, as JSON; NULL until they are requested, and when details of its items change. */
export const countedProfile: Migration = {
  version: 11,
  name: 'keep counted profiles of data sets',
  sql: `ALTER TABLE dataset ADD COLUMN counted_profile TEXT;`,
}
