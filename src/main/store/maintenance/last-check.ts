import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { libraryCheck, type LibraryCheck } from '../../../shared/library'

/** Beside the database, not in it: a record of the database's problems must not depend on it. */
const fileOf = (library: string): string => join(library, 'last-check.json')

/** Stores the result of a check. Throws the file system's own error. */
export function rememberCheck(library: string, check: LibraryCheck): void {
  const temporary = `${fileOf(library)}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(check, null, 2)}\n`)
  renameSync(temporary, fileOf(library))
}

/** Null if the library was never checked, or the result cannot be read. */
export function lastCheckOf(library: string): LibraryCheck | null {
  try {
    return libraryCheck.parse(JSON.parse(readFileSync(fileOf(library), 'utf8')))
  } catch {
    // Never written, or damaged: a new check has more information than this file.
    return null
  }
}
