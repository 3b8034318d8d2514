import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { badInput, StudioError } from '../../shared/errors'
import { removeAbandoned } from './abandoned'
import { connect, openDatabase } from './connection'
import { requireSoundHeader, requireSoundLog } from './database-header'
import { datasetRepository } from './datasets'
import { experimentRepository } from './experiments'
import { requireExpectedSchema } from './expected-schema'
import { explained, explainStored } from './explained'
import { exportRepository } from './exports'
import { jobRepository } from './jobs'
import { mapRepository } from './maps'
import { migrations } from './migrations/all'
import { migrate, schemaVersion } from './migrations/migrate'
import { templateRepository } from './import-templates'
import { preparationRepository } from './preparations'
import { runRepository } from './runs'
import { splitFileRepository } from './split-files'
import { settingsRepository } from './settings'
import type { Store } from './store'

const folders = ['weights', 'exports', 'uploads', 'backups']

/**
 * Opens the library in the folder `library`, making it where there is none and bringing an older one up to date after
 * a backup. A newer one opens read-only. Leftovers of imports whose process has died are removed.
 * @throws StudioError NO_PERMISSION, DAMAGED_FILE, DISK_FULL or BAD_INPUT where the folder cannot be a library.
 */
export function openStore(library: string): Store {
  const folder = resolve(library)
  makeFolders(folder)
  const file = join(folder, 'library.db')
  let database: Database.Database | null = null
  try {
    requireSoundHeader(file)
    requireSoundLog(file)
    database = openDatabase(file)
    if (hasForeignTables(database)) throw notALibrary(file)
    requireExpectedSchema(database, file)
    const readOnly = schemaVersion(database) > migrations.length
    if (!readOnly) migrate(database, migrations, join(folder, 'backups'))
    const connection = connect(database, folder, readOnly)
    if (!readOnly) removeAbandoned(connection)
    const opened = database
    const whole = <Repository extends object>(repository: Repository): Repository =>
      explained(repository, (error) => explainStored(error, folder, file))
    return {
      library: folder,
      readOnly,
      datasets: whole(datasetRepository(connection)),
      runs: whole(runRepository(connection)),
      preparations: whole(preparationRepository(connection)),
      templates: whole(templateRepository(connection)),
      splitFiles: whole(splitFileRepository(connection)),
      jobs: whole(jobRepository(connection)),
      exports: whole(exportRepository(connection)),
      maps: whole(mapRepository(connection)),
      experiments: whole(experimentRepository(connection)),
      settings: whole(settingsRepository(connection)),
      close: () => void opened.close(),
    }
  } catch (error) {
    database?.close()
    throw explainStored(error, folder, file)
  }
}

function makeFolders(library: string): void {
  if (existsSync(library) && !statSync(library).isDirectory())
    throw badInput(`${library} is a file, not a folder.`, 'Choose a folder for the library.')
  try {
    for (const name of folders) mkdirSync(join(library, name), { recursive: true })
    accessSync(library, constants.W_OK)
    const file = join(library, 'library.db')
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error
    throw new StudioError(
      {
        code: 'NO_PERMISSION',
        message: `The library folder ${library} may not be written by this user.`,
        next: 'Change its permissions, or choose another library folder.',
      },
      { cause: error },
    )
  }
}

/** A database that has tables but no schema version of ours was made by some other program. */
const hasForeignTables = (database: Database.Database): boolean =>
  schemaVersion(database) === 0 && database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined

const notALibrary = (file: string): StudioError =>
  new StudioError({
    code: 'DAMAGED_FILE',
    message: `${file} is a database of another program, not a VASP Studio library.`,
    next: 'Choose another library folder.',
  })
