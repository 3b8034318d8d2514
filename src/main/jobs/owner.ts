import { readFileSync } from 'node:fs'

/** Linux' clock ticks per second: 100 on every supported architecture. */
const ticksPerSecond = 100

/** When a process began, in milliseconds since 1970; null where the system does not tell (only Linux does, cheaply). */
function processBegan(pid: number): number | null {
  try {
    const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]
    // The second field is the command in parentheses and may hold spaces: count from behind it. Field 22 is the start time.
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19]
    return boot && ticks ? (Number(boot) + Number(ticks) / ticksPerSecond) * 1000 : null
  } catch {
    return null
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Whether the process that took on a job at `since` is still there. A number that was given to another process later (after a
 * restart of the machine, or in a container, where numbers are small and come again) does not count, and neither does our own:
 * asked before this process has taken on anything.
 */
export function ownerAlive(pid: number, since: Date): boolean {
  if (pid === process.pid || !exists(pid)) return false
  const began = processBegan(pid)
  // Start times are known to the second only.
  return began === null || began <= since.getTime() + 1000
}
