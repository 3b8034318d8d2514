import { intactRow, protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** Which run a run repeats, from which file it came, and which trackers get its files. */
export const portableRuns: Migration = {
  version: 22,
  name: 'keep where runs come from and go to',
  sql: '',
  then(database) {
    // A damaged row must not get a valid checksum: this throws for one.
    database.exec(`SELECT ${intactRow(database, 'run')} FROM run`)
    database.exec(`
-- JSON, each a schema of shared/runs.ts; NULL for runs to which it does not apply
ALTER TABLE run ADD COLUMN repeats TEXT;
ALTER TABLE run ADD COLUMN imported TEXT;
ALTER TABLE run ADD COLUMN trackers TEXT;
`)
    protectRows(database, ['run'])
  },
}
