import type { Database } from 'better-sqlite3'
import { openDatabase } from './connection'
import { damagedDatabase } from './damage'
import { migrations } from './migrations/all'
import { applyMigrations, schemaVersion } from './migrations/apply'

/** Tables, indexes and triggers with their text, without comments and line breaks; one line each, sorted. */
const schemaOf = (database: Database): string =>
  database
    .prepare<[], { type: string; name: string; sql: string | null }>(
      `SELECT type, name, sql FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name`,
    )
    .all()
    .map(({ type, name, sql }) => `${type} ${name} ${(sql ?? '').replaceAll(/--[^\n]*/g, '').replaceAll(/\s+/g, ' ')}`)
    .join('\n')

/** The schema of an intact library of this version. */
function expectedSchema(version: number): string {
  const fresh = openDatabase(':memory:')
  try {
    applyMigrations(fresh, migrations.slice(0, version))
    return schemaOf(fresh)
  } finally {
    fresh.close()
  }
}

/**
 * Describes how the tables differ from those of the schema version in the file's header: the number or a page of the schema is damaged. A
 * library of a newer version of the app passes, unless its tables are those of this one. Null if there is no difference.
 */
export function schemaFlaw(database: Database): string | null {
  const version = schemaVersion(database)
  const known = version <= migrations.length
  const asExpected = schemaOf(database) === expectedSchema(known ? version : migrations.length)
  if (asExpected === known) return null
  return known
    ? `it says that it has schema ${version}, but its tables are not those of schema ${version}`
    : `it says that it has schema ${version}, but its tables are those of schema ${migrations.length}`
}

/** Throws DAMAGED_FILE if `schemaFlaw` finds one. */
export function requireExpectedSchema(database: Database, file: string): void {
  const flaw = schemaFlaw(database)
  if (flaw !== null) throw damagedDatabase(file, flaw)
}
