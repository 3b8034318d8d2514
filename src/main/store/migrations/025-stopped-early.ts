import { intactRow, protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** Which runs a person has ended before their last epoch. */
export const stoppedEarly: Migration = {
  version: 25,
  name: 'keep which trainings were stopped early',
  sql: '',
  then(database) {
    // A damaged row must not get a valid checksum: this throws for one.
    database.exec(`SELECT ${intactRow(database, 'run')} FROM run`)
    database.exec('ALTER TABLE run ADD COLUMN stopped_early INTEGER NOT NULL DEFAULT 0')
    protectRows(database, ['run'])
  },
}
