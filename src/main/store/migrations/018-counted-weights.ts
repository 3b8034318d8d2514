import { intactRow } from '../row-checksum'
import type { Migration } from './migration'

/** A run also records that its weights are stored: otherwise a damaged page that hides their row would make it a run without weights. */
export const countedWeights: Migration = {
  version: 18,
  name: 'count the rows that name weights',
  sql: '',
  then(database) {
    // Only rows with a valid checksum: a damaged one must not get a valid checksum.
    database.exec(`
      UPDATE run SET stored_rows =
        json_set(stored_rows, '$.checkpoint', (SELECT count(*) FROM checkpoint WHERE checkpoint.run = run.id))
      WHERE stored_rows IS NOT NULL AND ${intactRow(database, 'run')}`)
  },
}
