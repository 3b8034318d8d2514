import type { Connection } from './connection'
import { isStillRunning } from './process-owner'

/** Rows per transaction: some milliseconds in which no other process can write. */
const rowsAtOnce = 1000

/**
 * Removes what nobody sees any more, and returns how many data sets that were: imports whose process has died, and versions that were
 * withdrawn. Other processes can write in between.
 */
export function removeAbandoned(connection: Connection): number {
  const importing = connection.prepare<[], { id: number; owner_pid: number; touched_at: number }>(
    `SELECT id, owner_pid, touched_at FROM dataset WHERE state = 'importing'`,
  )
  const dead = importing.all().filter((row) => !isStillRunning(row.owner_pid, row.touched_at))
  if (dead.length === 0) return 0
  for (const { id } of dead) {
    for (const table of ['history', 'reject']) {
      const some = connection.prepare<[number, number]>(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE dataset = ? LIMIT ?)`,
      )
      while (connection.remove(() => some.run(id, rowsAtOnce).changes) === rowsAtOnce);
    }
    connection.remove(() => connection.prepare('DELETE FROM dataset WHERE id = ?').run(id))
  }
  connection.freeSpace()
  return dead.length
}

/** Makes a data set invisible, for `removeAbandoned` to remove: it looks like an import whose process has long died. */
export function withdraw(connection: Connection, id: number): void {
  for (const table of ['run', 'experiment_run']) connection.prepare(`DELETE FROM ${table} WHERE dataset = ?`).run(id)
  connection.prepare(`UPDATE dataset SET state = 'importing', touched_at = 0 WHERE id = ?`).run(id)
}
