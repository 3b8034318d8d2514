import type { Connection } from './connection'
import { isAlive, mayBeAlive } from './process-lock'

/** Rows per transaction: some milliseconds in which no other process can write. */
const rowsAtOnce = 1000

interface Unfinished {
  id: number
  owner: string | null
  owner_pid: number
  deleted: number
}

/**
 * Removes what nobody sees any more, and returns how many data sets that were: imports whose process has died, and deleted versions. Other
 * processes can write in between.
 */
export function removeAbandoned(connection: Connection): number {
  const importing = connection.prepare<[], Unfinished>(
    `SELECT id, owner, owner_pid, deleted FROM dataset WHERE state = 'importing'`,
  )
  const abandoned = importing.all().filter((row) => row.deleted === 1 || !isOwned(connection.library, row))
  if (abandoned.length === 0) return 0
  for (const { id } of abandoned) {
    for (const table of ['history', 'reject']) {
      const some = connection.prepare<[number, number]>(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE dataset = ? LIMIT ?)`,
      )
      while (connection.remove(() => some.run(id, rowsAtOnce).changes) === rowsAtOnce);
    }
    connection.remove(() => connection.prepare('DELETE FROM dataset WHERE id = ?').run(id))
  }
  connection.freeSpace()
  return abandoned.length
}

const isOwned = (library: string, { owner, owner_pid: pid }: Unfinished): boolean =>
  owner === null ? mayBeAlive(pid) : isAlive(library, owner)

/** Deletes a data set with its runs for everybody to see; its rows are left for `removeAbandoned`. */
export function markDeleted(connection: Connection, id: number): void {
  for (const table of ['run', 'experiment_run']) connection.prepare(`DELETE FROM ${table} WHERE dataset = ?`).run(id)
  connection.prepare(`UPDATE dataset SET state = 'importing', deleted = 1 WHERE id = ?`).run(id)
}
