/** For whoever runs the program: standard error, never standard output, which belongs to results. */
export const log = (words: string): void => {
  process.stderr.write(`${words}\n`)
}
