/** Resident memory of this process at its highest, in bytes: a worker has done nothing but its one job. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024
