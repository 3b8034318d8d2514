/** For whoever runs the program: standard error, never standard output, which belongs to results. */
export const log = (words: string): void => {
  process.stderr.write(`${words}\n`)
}

/** What nobody expected: its words and its place. */
export const logDefect = (error: unknown): void =>
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))
