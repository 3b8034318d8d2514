import type { Database } from 'better-sqlite3'
import { openDatabase } from './connection'
import { damagedDatabase } from './damage'
import { migrations } from './migrations/all'
import { applyMigrations, schemaVersion } from './migrations/apply'

/** Tables, indexes and triggers with their text, comments and line breaks left out; one line each, sorted. */
const schemaOf = (database: Database): string =>
  database
    .prepare<[], { type: string; name: string; sql: string | null }>(
      `SELECT type, name, sql FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name`,
    )
    .all()
    .map(({ type, name, sql }) => `${type} ${name} ${(sql ?? '').replaceAll(/--[^\n]*/g, '').replaceAll(/\s+/g, ' ')}`)
    .join('\n')

/** The schema that an intact library of this version has. */
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
 * Says where the tables are not those of the schema version that the file's header names: the number or a page of the schema is damaged. A
 * library of a newer version of the app passes, unless its tables are those of this one. Null where all is as it should be.
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

/** Throws DAMAGED_FILE where `schemaFlaw` finds one. */
export function requireExpectedSchema(database: Database, file: string): void {
  const flaw = schemaFlaw(database)
  if (flaw !== null) throw damagedDatabase(file, flaw)
}
