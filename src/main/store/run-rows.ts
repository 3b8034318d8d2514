import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Connection } from './connection'

/** Tables with the results of a finished run. The run records its number of rows in each, so that a lost row is noticed. */
export const runTables = ['epoch', 'metric', 'user_metric', 'segments', 'split', 'held_out', 'checkpoint'] as const
export type RunTable = (typeof runTables)[number]

export const storedRows = z.record(z.enum(runTables), z.number().int())

/**
 * Throws DAMAGED_FILE if a row of a run's results was not found by its key although it exists, or if another row of the run is damaged:
 * that may be the one whose key has changed.
 */
export function requireNoRow(
  connection: Connection,
  table: RunTable,
  run: number,
  key: Readonly<Record<string, string>>,
): void {
  const isThere = connection
    .rows<Record<string, unknown>>(table, { run })
    .some((other) => Object.entries(key).every(([column, value]) => other[column] === value))
  if (isThere) throw connection.damaged(`an index of its table “${table}” has lost a row of run ${run}`)
}

/** Removes the row of a run's weights, and updates the run's count. */
export function removeCheckpoint(database: Database, run: number): void {
  database.prepare('DELETE FROM checkpoint WHERE run = ?').run(run)
  database
    .prepare(
      `UPDATE run SET stored_rows = json_set(stored_rows, '$.checkpoint', 0) WHERE id = ? AND stored_rows IS NOT NULL`,
    )
    .run(run)
}

/** Finished runs whose row in the table “checkpoint” is missing. */
export const runsWithoutCheckpoint = (database: Database): { id: number; name: string }[] =>
  database
    .prepare<[], { id: number; name: string }>(
      `SELECT id, name FROM run WHERE json_valid(stored_rows) AND json_extract(stored_rows, '$.checkpoint') > 0
       AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = +run.id) ORDER BY id`,
    )
    .all()
