import { intactRow, protectRows } from '../row-checksum'
import type { Migration } from './migration'

/** Waiting jobs stay when their program ends, have an order that people change, and can be held; other programs ask for changes by `wanted`. */
export const durableQueue: Migration = {
  version: 21,
  name: 'keep the queue',
  sql: '',
  then(database) {
    // A damaged row must not get a valid checksum: this throws for one.
    database.exec(`SELECT ${intactRow(database, 'job')} FROM job`)
    database.exec(`
-- the order in which jobs start; jobs of earlier versions in that of their ids
ALTER TABLE job ADD COLUMN place INTEGER;
-- why it does not start although its turn may have come: a HoldReason of shared/jobs.ts; NULL: it starts when it is its turn
ALTER TABLE job ADD COLUMN hold TEXT;
-- it starts after this run has finished
ALTER TABLE job ADD COLUMN after_run INTEGER REFERENCES run (id) ON DELETE SET NULL;
-- what another program asks of the one that owns it: 'cancel', 'pause'
ALTER TABLE job ADD COLUMN wanted TEXT;
-- what it computes on: 'cpu', 'gpu' or the UUID of a GPU; NULL before it starts
ALTER TABLE job ADD COLUMN device TEXT;
-- its worker, which outlives a killed program for a moment; until it is gone nobody else does the job
ALTER TABLE job ADD COLUMN worker TEXT;
-- JSON, shared/jobs.ts: for other programs; the owner knows it better
ALTER TABLE job ADD COLUMN progress TEXT;
ALTER TABLE job ADD COLUMN started_at TEXT;
ALTER TABLE job ADD COLUMN ended_at TEXT;
CREATE INDEX job_after ON job (after_run);
`)
    protectRows(database, ['job'])
    database.exec('UPDATE job SET place = id')
  },
}
