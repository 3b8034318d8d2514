import { constants, copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StudioError } from '../../../shared/errors'
import type { LibraryBackup, Restored } from '../../../shared/library'
import { openDatabase, readDatabase } from '../connection'
import { requireSoundHeader } from '../database-header'
import { explainStored } from '../explained'
import {
  backupsOf,
  continueNumbers,
  databaseOf,
  givenNumbers,
  type GivenNumbers,
  numbersInNames,
  removeDatabase,
} from '../library-folder'
import { migrations } from '../migrations/all'
import { applyMigrations, schemaVersion } from '../migrations/apply'
import { chosenBackup, fileSha256 } from './backup-files'
import type { MaintenanceContext } from './backups'
import { checkLibrary, unnamedFiles } from './check'
import { databaseFindings } from './check-database'
import { requireAlone } from './open-elsewhere'
import { newAside, setAside, swapDatabase } from './set-aside'

/** A backup that was checked and migrated to this version's schema, in a separate file beside the database. */
export interface PreparedRestore {
  readonly backup: LibraryBackup
}

const preparedOf = (library: string): string => `${databaseOf(library)}.restoring`

/**
 * Checks a backup, the newest or the one of this name, and makes a copy of it that can replace the database: with this version's
 * schema, and with numbers that continue above those used by runs and exports. The library itself is only read.
 * @throws StudioError NOT_FOUND without such a backup, DAMAGED_FILE if it is not intact, NEWER_DATABASE.
 */
export function prepareRestore(
  library: string,
  name: string | null,
  { progress }: MaintenanceContext,
): PreparedRestore {
  const backup = chosenBackup(library, name)
  const source = join(backupsOf(library), backup.file)
  const prepared = preparedOf(library)
  progress({ stage: 'Checking the backup', done: 0, total: null })
  try {
    if (backup.known && backup.known.sha256 !== fileSha256(source))
      throw damagedBackup(backup.file, 'its SHA-256 differs')
    discardPrepared(library)
    copyFileSync(source, prepared, constants.COPYFILE_FICLONE)
    prepare(prepared, backup.file, numbersOf(library))
    return { backup }
  } catch (error) {
    discardPrepared(library)
    throw explainStored(error, library, databaseOf(library))
  }
}

function discardPrepared(library: string): void {
  removeDatabase(preparedOf(library))
}

/**
 * Replaces the database with the prepared backup. The replaced database is kept in a dated folder, with the files that only it refers to.
 * @param around makes the exchange while this process has no file of the library open @returns the dated folder
 * @throws StudioError CONFLICT while other programs have the library open.
 */
export function exchangeDatabase(library: string, around: (exchange: () => void) => void): string {
  try {
    requireAlone(library, 'restored')
    const aside = newAside(library, 'restore')
    around(() => {
      swapDatabase(library, aside, preparedOf(library))
      moveUnnamed(library, aside)
    })
    return aside
  } finally {
    discardPrepared(library)
  }
}

/** Both steps, and a check afterwards, for a program that has no file of the library open. */
export async function restoreLibrary(
  library: string,
  name: string | null,
  context: MaintenanceContext,
): Promise<Restored> {
  requireAlone(library, 'restored')
  const { backup } = prepareRestore(library, name, context)
  const setAside = exchangeDatabase(library, (exchange) => exchange())
  const { findings } = await checkLibrary(library, context)
  return { backup, setAside, findings }
}

/** Checks the copy, migrates it to the newest schema, and makes it continue above used numbers. */
function prepare(copy: string, name: string, given: GivenNumbers): void {
  requireSoundHeader(copy)
  const database = openDatabase(copy)
  try {
    const version = schemaVersion(database)
    if (version > migrations.length)
      throw new StudioError({
        code: 'NEWER_DATABASE',
        message: `The backup ${name} was made by a newer version of VASP Studio.`,
        next: 'Update VASP Studio, or choose another backup.',
      })
    if (version === 0) throw damagedBackup(name, 'it is not a library')
    database.pragma('journal_mode = DELETE')
    applyMigrations(database, migrations)
    const [first] = databaseFindings(database, copy)
    if (first) throw damagedBackup(name, first.message.replace(/\.$/, ''))
    continueNumbers(database, given)
  } catch (error) {
    if (error instanceof StudioError) throw error
    throw damagedBackup(name, error instanceof Error ? error.message : String(error))
  } finally {
    database.close()
  }
}

const damagedBackup = (name: string, why: string): StudioError =>
  new StudioError({
    code: 'DAMAGED_FILE',
    message: `The backup ${name} cannot be restored: ${why}.`,
    next: 'Choose another backup (vasp library backups). The library has not changed.',
  })

/** No library reaches this number, but a damaged counter may. */
const highestNumber = 1_000_000_000

/** Numbers that the current database has used, as far as it can be read, and those in names of files. */
function numbersOf(library: string): GivenNumbers {
  const inNames = numbersInNames(library)
  if ((statSync(databaseOf(library), { throwIfNoEntry: false })?.size ?? 0) === 0) return inNames
  let inDatabase: GivenNumbers = {}
  try {
    const database = readDatabase(databaseOf(library))
    try {
      inDatabase = givenNumbers(database)
    } finally {
      database.close()
    }
  } catch {
    // It is being replaced because it cannot be read; only the names of files are left.
  }
  const tables = new Set([...Object.keys(inNames), ...Object.keys(inDatabase)])
  const believable = (number: number | undefined): number =>
    number !== undefined && number < highestNumber ? number : 0
  return Object.fromEntries(
    [...tables].map((table) => [table, Math.max(believable(inNames[table]), believable(inDatabase[table]))]),
  )
}

/** Files that the restored database does not know are moved with the database that knows them. */
function moveUnnamed(library: string, aside: string): void {
  const database = readDatabase(databaseOf(library))
  try {
    for (const path of unnamedFiles(library, database, 0)) setAside(library, aside, path)
  } finally {
    database.close()
  }
}
