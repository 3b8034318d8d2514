/** For whoever runs the program: standard error, never standard output, which belongs to results. */
export const log = (words: string): void => {
  process.stderr.write(`${words}\n`)
}

/** What nobody expected: its words and its place. */
export const logDefect = (error: unknown): void =>
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))

/**
 * Keeps this process at work where standard error can no longer be written (a terminal that was closed, a full disk): then nobody is left to be told,
 * and told as a defect it would be logged there, without end. To be called at the entry of each host.
 */
export function outliveStandardError(): void {
  process.stderr.on('error', () => undefined)
}
