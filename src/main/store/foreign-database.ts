import Database from 'better-sqlite3'
import { badInput } from '../../shared/errors'

/** Another program's database, to be read only. */
export interface ForeignDatabase {
  /** Its tables and views with their columns. */
  tables(): { name: string; columns: string[] }[]
  /** The rows of a table in the order in which it holds them; integers beyond 2⁵³ keep all their digits. */
  rows(table: string): IterableIterator<unknown[]>
  close(): void
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** @param name for people @throws StudioError BAD_INPUT where `path` is no database that SQLite can read. */
export function openForeignDatabase(path: string, name: string): ForeignDatabase {
  const refuse = (error: unknown): never => {
    throw badInput(
      `The SQLite database ${name} cannot be read: it is damaged or encrypted.`,
      'Copy or export it again.',
      {
        cause: error,
      },
    )
  }
  let database: Database.Database
  try {
    database = new Database(path, { fileMustExist: true })
    database.pragma('query_only = 1')
    // Its views call nothing but what SQLite holds to be harmless.
    database.pragma('trusted_schema = 0')
    database.prepare('SELECT 1 FROM sqlite_schema').get()
  } catch (error) {
    return refuse(error)
  }
  return {
    tables: () =>
      database
        .prepare<[], string>(
          `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
        )
        .pluck()
        .all()
        .map((table) => ({
          name: table,
          columns: database
            .prepare(`SELECT * FROM ${quoted(table)} LIMIT 0`)
            .columns()
            .map((column) => column.name),
        })),
    rows: (table) =>
      database
        .prepare(`SELECT * FROM ${quoted(table)}`)
        .safeIntegers()
        .raw()
        .iterate() as IterableIterator<unknown[]>,
    close: () => void database.close(),
  }
}
