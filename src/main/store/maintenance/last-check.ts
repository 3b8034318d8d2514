import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { libraryCheck, type LibraryCheck } from '../../../shared/library'

/** Beside the database, not in it: what is wrong with a database must not depend on it. */
const fileOf = (library: string): string => join(library, 'last-check.json')

/** Keeps what a check has found. Throws the file system's own error. */
export function rememberCheck(library: string, check: LibraryCheck): void {
  const temporary = `${fileOf(library)}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(check, null, 2)}\n`)
  renameSync(temporary, fileOf(library))
}

/** Null where the library was never checked, or nobody can tell any more. */
export function lastCheckOf(library: string): LibraryCheck | null {
  try {
    return libraryCheck.parse(JSON.parse(readFileSync(fileOf(library), 'utf8')))
  } catch {
    // Never written, or damaged: checking again tells more than this file could.
    return null
  }
}
