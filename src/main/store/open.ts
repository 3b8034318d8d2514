import { existsSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { namedComparison } from '../../shared/comparisons'
import { StudioError } from '../../shared/errors'
import { namedRunView } from '../../shared/run-views'
import { changeRepository } from './changes'
import { connect, isDiskFull, openDatabase } from './connection'
import { requireSoundHeader, requireSoundLog } from './database-header'
import { datasetRepository } from './datasets'
import { experimentRepository } from './experiments'
import { requireExpectedSchema } from './expected-schema'
import { explained, explainStored } from './explained'
import { exportRepository } from './exports'
import { jobRepository } from './jobs'
import {
  backupsOf,
  continueNumbers,
  databaseOf,
  makeLibraryFolders,
  makePrivate,
  numbersInNames,
  remainsOf,
  requireDatabase,
} from './library-folder'
import { mapRepository } from './maps'
import { contentMark, removeUnfinishedBackups } from './maintenance/backups'
import { exchangeDatabase } from './maintenance/restore'
import { newAside } from './maintenance/set-aside'
import { migrations } from './migrations/all'
import { schemaVersion } from './migrations/apply'
import { migrate } from './migrations/migrate'
import { templateRepository } from './import-templates'
import { pendingFileRepository } from './pending-files'
import { preparationRepository } from './preparations'
import { giveUpReserve, makeReserve } from './reserve'
import { namedValues } from './named-values'
import { runRepository } from './runs'
import { splitFileRepository } from './split-files'
import { holdLock } from './process-lock'
import { settingsRepository } from './settings'
import type { Store } from './store'

export interface OpenOptions {
  /** Makes a new database in a folder that has files of a library but no database; otherwise that is refused. */
  readonly newLibrary?: boolean
}

/**
 * Opens the library in the folder `library`; it makes a new one if there is none, and updates an older one after
 * a backup. A newer one opens read-only. Leftovers of imports whose process has died are removed.
 * @throws StudioError NO_PERMISSION, DAMAGED_FILE, DISK_FULL or BAD_INPUT if the folder cannot be a library.
 */
export function openStore(library: string, { newLibrary = false }: OpenOptions = {}): Store {
  const folder = resolve(library)
  makeLibraryFolders(folder)
  const file = databaseOf(folder)
  const begunAnew = newLibrary && remainsOf(folder) !== null
  if (!newLibrary) requireDatabase(folder)
  if (begunAnew) keepLog(folder)
  const giveBackLock = holdLock(folder)
  let database: Database.Database | null = null
  try {
    requireSoundHeader(file)
    requireSoundLog(file)
    const { opened, alone } = openWhateverRoom(folder, file)
    database = opened
    makePrivate(folder)
    const readOnly = schemaVersion(database) > migrations.length
    if (!readOnly) migrate(database, migrations, backupsOf(folder))
    if (begunAnew) continueNumbers(database, numbersInNames(folder))
    const connection = connect(database, folder, { readOnly, alone })
    if (!readOnly) removeUnfinishedBackups(folder)
    if (!readOnly && !alone) makeReserve(folder)
    const whole = <Repository extends object>(of: string, repository: Repository): Repository =>
      explained(repository, (error) => explainStored(error, folder, file, of))
    return {
      library: folder,
      readOnly,
      datasets: whole('data sets', datasetRepository(connection)),
      runs: whole('runs', runRepository(connection)),
      views: whole('views of runs', namedValues(connection, 'run_view', 'view', namedRunView)),
      comparisons: whole('comparisons', namedValues(connection, 'comparison', 'comparison', namedComparison)),
      preparations: whole('preparations', preparationRepository(connection)),
      templates: whole('import templates', templateRepository(connection)),
      splitFiles: whole('split files', splitFileRepository(connection)),
      jobs: whole('jobs', jobRepository(connection)),
      exports: whole('exports', exportRepository(connection)),
      maps: whole('maps', mapRepository(connection)),
      experiments: whole('experiments', experimentRepository(connection)),
      settings: whole('settings', settingsRepository(connection)),
      changes: whole('changes', changeRepository(connection)),
      pendingFiles: whole('unfinished files', pendingFileRepository(connection)),
      transaction: (work) => connection.remove(work),
      ...whole('changes', { contentMark: () => contentMark(connection) }),
      restore: () => {
        try {
          return exchangeDatabase(folder, (exchange) => connection.around(exchange))
        } catch (error) {
          throw explainStored(error, folder, file)
        }
      },
      close: () => {
        connection.close()
        giveBackLock()
      },
    }
  } catch (error) {
    database?.close()
    giveBackLock()
    throw explainStored(error, folder, file)
  }
}

/**
 * Opens the database even if its disk is full: then the reserve is released, and if there is none, only this process works with the library,
 * until a deletion has freed space.
 */
function openWhateverRoom(folder: string, file: string): { opened: Database.Database; alone: boolean } {
  const attempt = (alone: boolean): { opened: Database.Database; alone: boolean } => {
    const opened = openDatabase(file, { alone })
    try {
      if (hasForeignTables(opened)) throw notALibrary(file)
      requireExpectedSchema(opened, file)
      return { opened, alone }
    } catch (error) {
      opened.close()
      throw error
    }
  }
  const orFull = (error: unknown): unknown => {
    const explained = explainStored(error, folder, file)
    if (!isDiskFull(explained)) throw explained
    return explained
  }
  try {
    return attempt(false)
  } catch (error) {
    orFull(error)
  }
  if (giveUpReserve(folder))
    try {
      return attempt(false)
    } catch (error) {
      orFull(error)
    }
  return attempt(true)
}

/** SQLite deletes a log without its database; this one may have the last copy of stored data. */
function keepLog(library: string): void {
  const log = `${databaseOf(library)}-wal`
  if (existsSync(log)) renameSync(log, join(newAside(library, 'new'), 'library.db-wal'))
}

/** A database with tables but without our schema version was made by another program. */
const hasForeignTables = (database: Database.Database): boolean => {
  const isThere = (where: string): boolean =>
    database.prepare(`SELECT 1 FROM sqlite_schema ${where} LIMIT 1`).get() !== undefined
  return schemaVersion(database) === 0 && isThere('') && !isThere(`WHERE name = 'dataset' AND sql LIKE '%fingerprint%'`)
}

const notALibrary = (file: string): StudioError =>
  new StudioError({
    code: 'DAMAGED_FILE',
    message: `${file} is a database of another program, not a VASP Studio library.`,
    next: 'Choose another library folder.',
  })
