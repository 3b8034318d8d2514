/** Logs to standard error, never to standard output, which is for results. */
export const log = (words: string): void => {
  process.stderr.write(`${words}\n`)
}

/** Logs an unexpected error with its stack. */
export const logDefect = (error: unknown): void =>
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))

/**
 * Keeps this process running if standard error can no longer be written (closed terminal, full disk): logging that error would fail again, endlessly.
 * Call it at the start of each host.
 */
export function outliveStandardError(): void {
  process.stderr.on('error', () => undefined)
}
