/** Peak resident memory of this process in bytes; a worker runs only one job. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024
