import fs from 'node:fs'
import path from 'node:path'

/** Keeps how a piece of set-up ended beside its result: `{ok, reason, fix, at}`. The application shows it in `vasp doctor`. */
export function writeOutcome(file, outcome) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}`
  fs.writeFileSync(temporary, `${JSON.stringify({ ...outcome, at: new Date().toISOString() }, null, 2)}\n`)
  fs.renameSync(temporary, file)
}

/** The stored outcome, or null if none can be read. */
export function readOutcome(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

/** Milliseconds since the outcome was written. */
export const ageOfOutcome = (outcome) => Date.now() - Date.parse(outcome.at)
