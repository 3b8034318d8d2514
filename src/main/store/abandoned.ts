import { uptime } from 'node:os'
import type { Connection } from './connection'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Removes what imports left behind whose process has died (or whose process id dates from before this machine's
 * last start), and returns how many there were. They were never visible.
 */
export function removeAbandoned(connection: Connection): number {
  const startedAt = Date.now() - uptime() * 1000
  const importing = connection.prepare<[], { id: number; owner_pid: number; touched_at: number }>(
    `SELECT id, owner_pid, touched_at FROM dataset WHERE state = 'importing'`,
  )
  const dead = importing.all().filter((row) => row.touched_at < startedAt || !isAlive(row.owner_pid))
  if (dead.length === 0) return 0
  connection.write(() => {
    for (const { id } of dead) connection.prepare('DELETE FROM dataset WHERE id = ?').run(id)
  })
  connection.freeSpace()
  return dead.length
}
