import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** Linux' clock ticks per second: 100 on every architecture that Node runs on. */
const ticksPerSecond = 100

/** Start times are known to about this many milliseconds. */
const precision = 1500

/** When a process began, in milliseconds since 1970, Infinity for one that has ended; where the system does not tell (only Linux does cheaply), when the machine did. */
function processBegan(pid: number): number {
  if (pid === process.pid) return Date.now() - process.uptime() * 1000
  const machineBegan = Date.now() - uptime() * 1000
  if (process.platform !== 'linux') return machineBegan
  try {
    // The second field is the command in parentheses and may hold spaces: count from behind it. Field 22 is the start time.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    // It has ended, and only waits for whoever started it to take note; in a container that may never come.
    if (state === 'Z') return Infinity
    const ticks = fields[18]
    return machineBegan + (Number(ticks) / ticksPerSecond) * 1000
  } catch {
    // It has ended meanwhile, or may not be looked at.
    return machineBegan
  }
}

/**
 * Whether the process that did something at `moment` (milliseconds since 1970) under this id is still there. An id that
 * another process got since (after a restart, or in a container, where ids are small and come again) does not count.
 */
export function isStillRunning(pid: number, moment: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return processBegan(pid) <= moment + precision
}
