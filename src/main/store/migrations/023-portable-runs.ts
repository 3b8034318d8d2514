import { intactRow, protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** Which run a run repeats, and from which file it came. */
export const portableRuns: Migration = {
  version: 23,
  name: 'keep where runs come from',
  sql: '',
  then(database) {
    // A damaged row must not get a valid checksum: this throws for one.
    database.exec(`SELECT ${intactRow(database, 'run')} FROM run`)
    database.exec(`
-- JSON, each a schema of shared/runs.ts; NULL for runs to which it does not apply
ALTER TABLE run ADD COLUMN repeats TEXT;
ALTER TABLE run ADD COLUMN imported TEXT;
`)
    protectRows(database, ['run'])
  },
}
