import { readFileSync } from 'node:fs'

/**
 * Peak resident memory of this process in bytes; that of its job in a worker, which runs only one.
 *
 * On Linux, `resourceUsage().maxRSS` begins with the peak of the process that started this one, because the kernel keeps it when a program is replaced by
 * another (fs/exec.c, setmax_mm_hiwater_rss): every run of a large host would seem to need at least the host's memory.
 */
export const peakMemory = (): number =>
  process.platform === 'linux' ? highWaterMark(readFileSync('/proc/self/status', 'utf8')) : maxResident()

const maxResident = (): number => process.resourceUsage().maxRSS * 1024

/** @param status as in /proc/PID/status (man 5 proc) */
function highWaterMark(status: string): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kibibytes === undefined) throw new Error('/proc/self/status has no VmHWM')
  return Number(kibibytes) * 1024
}
