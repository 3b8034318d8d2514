import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { StudioError } from '../../../shared/errors'
import type { Migration } from './migration'

/** The schema version a database file says it has; 0 for an empty one. */
export const schemaVersion = (database: Database): number => Number(database.pragma('user_version', { simple: true }))

/** Writes a consistent copy of the database into `backups/` and returns its path. Overwrites nothing. */
function backUp(database: Database, backups: string, version: number): string {
  mkdirSync(backups, { recursive: true })
  const moment = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const copy = join(backups, `library-schema-${version}-${moment}-${process.pid}.db`)
  database.prepare('VACUUM INTO ?').run(copy)
  return copy
}

/** One transaction for each of `migrations` that the database has not seen yet. @param onFailure makes the error of a failed step */
export function applyMigrations(
  database: Database,
  migrations: readonly Migration[],
  onFailure: (migration: Migration, error: unknown) => unknown = (_, error) => error,
): void {
  for (const migration of migrations) {
    const step = database.transaction(() => {
      if (schemaVersion(database) >= migration.version) return
      database.exec(migration.sql)
      migration.then?.(database)
      database.pragma(`user_version = ${migration.version}`)
    })
    try {
      step.immediate()
    } catch (error) {
      throw onFailure(migration, error)
    }
  }
}

/**
 * Brings the database to the newest of `migrations`, each in one transaction, after one backup of what was there.
 * Another process may do the same at the same time: whoever gets the write lock first does the work.
 * @throws StudioError naming the failed step and the backup; the database then is as the last whole step left it.
 */
export function migrate(database: Database, migrations: readonly Migration[], backups: string): void {
  const before = schemaVersion(database)
  if (before >= migrations.length) return
  const backup = before > 0 ? backUp(database, backups, before) : null
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
