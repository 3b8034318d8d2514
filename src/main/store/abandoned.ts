import type { Connection } from './connection'
import { isStillRunning } from './process-owner'

/** Removes what imports left behind whose process has died, and returns how many there were. They were never visible. */
export function removeAbandoned(connection: Connection): number {
  const importing = connection.prepare<[], { id: number; owner_pid: number; touched_at: number }>(
    `SELECT id, owner_pid, touched_at FROM dataset WHERE state = 'importing'`,
  )
  const dead = importing.all().filter((row) => !isStillRunning(row.owner_pid, row.touched_at))
  if (dead.length === 0) return 0
  connection.write(() => {
    for (const { id } of dead) connection.prepare('DELETE FROM dataset WHERE id = ?').run(id)
  })
  connection.freeSpace()
  return dead.length
}
