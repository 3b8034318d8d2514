/** Something that set-up cannot do on this machine: the cause in one sentence, what to do about it in another. */
export class SetupProblem extends Error {
  constructor(reason, fix, options) {
    super(reason, options)
    this.name = 'SetupProblem'
    this.reason = reason
    this.fix = fix
  }
}

/** Prints a failure for people and ends with exit code 1; a defect keeps its stack. */
export function endWith(error) {
  const words = error instanceof SetupProblem ? `${error.reason} ${error.fix}` : (error?.stack ?? String(error))
  process.stderr.write(`vasp-studio: ${words}\n`)
  process.exit(1)
}
