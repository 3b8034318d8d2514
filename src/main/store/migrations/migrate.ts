import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import { StudioError } from '../../../shared/errors'
import { backUpBeforeMigration } from '../maintenance/backups'
import { applyMigrations, schemaVersion } from './apply'
import type { Migration } from './migration'

/**
 * Updates the database to the newest of `migrations`, each in one transaction, after one backup of its current state.
 * Another process may do the same at the same time: the first one with the write lock does the work.
 * @param backups the library's folder of backups
 * @throws StudioError with the failed step and the backup; the database is then in the state after the last complete step.
 */
export function migrate(database: Database, migrations: readonly Migration[], backups: string): void {
  const before = schemaVersion(database)
  if (before >= migrations.length) return
  const backup = before > 0 ? backUpBeforeMigration(database, dirname(backups), before) : null
  applyMigrations(database, migrations, (migration, error) => {
    if (error instanceof StudioError) return error
    return new StudioError(
      {
        code: 'INTERNAL',
        message:
          `The library could not be brought to schema ${migration.version} (${migration.name}): ` +
          `${error instanceof Error ? error.message : String(error)}.`,
        next: backup
          ? `Nothing was lost. A copy of the library is at ${backup}; report this message.`
          : 'Free some disk space or choose another library folder, then try again.',
      },
      { cause: error },
    )
  })
}
