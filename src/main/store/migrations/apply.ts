import type { Database } from 'better-sqlite3'
import type { Migration } from './migration'

/** The schema version in a database file; 0 for an empty one. */
export const schemaVersion = (database: Database): number => Number(database.pragma('user_version', { simple: true }))

/** One transaction for each of `migrations` that the database does not have yet. @param onFailure makes the error of a failed step */
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
