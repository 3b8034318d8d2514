import { intactRow, protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** When runs and their epochs began and ended, and the trackers that a run is written to. */
export const runTimes: Migration = {
  version: 24,
  name: 'keep the times and trackers of runs',
  sql: '',
  then(database) {
    // A damaged row must not get a valid checksum: this throws for one.
    for (const table of ['run', 'epoch']) database.exec(`SELECT ${intactRow(database, table)} FROM ${table}`)
    database.exec(`
-- ISO 8601; NULL for what earlier versions stored, and before it has happened
ALTER TABLE run ADD COLUMN started_at TEXT;
ALTER TABLE run ADD COLUMN ended_at TEXT;
ALTER TABLE epoch ADD COLUMN ended_at TEXT;
-- JSON, see runTracker in shared/trackers.ts; NULL for a run that is not tracked
ALTER TABLE run ADD COLUMN trackers TEXT;
`)
    protectRows(database, ['run', 'epoch'])
  },
}
