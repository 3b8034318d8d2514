import Database from 'better-sqlite3'
import { badInput } from '../../shared/errors'

/** A table or view of another program's database. */
export interface ForeignTable {
  readonly name: string
  readonly columns: readonly string[]
  /** The column declared as its primary key; null if there is none, or if several columns form it. */
  readonly key: string | null
  /** The columns declared to have values of another table's column. */
  readonly references: readonly Reference[]
}

/** A column whose values are those of another table's column. */
export interface Reference {
  readonly column: string
  readonly table: string
  readonly key: string
}

/** Columns that are added to each row of a table from the one row of another table to which it refers. */
export interface JoinedColumns extends Reference {
  readonly columns: readonly string[]
}

/** Another program's database, only read. */
export interface ForeignDatabase {
  /** Its tables and views with their columns, in the order in which they were made. */
  tables(): ForeignTable[]
  /**
   * The rows of a table in their stored order; integers beyond 2⁵³ keep all their digits. The columns of `joined` follow
   * the table's own, and are null in rows without a reference.
   */
  rows(table: string, joined?: readonly JoinedColumns[]): IterableIterator<unknown[]>
  /** The number of rows of a table, at most `most`: a view can have infinitely many. */
  count(table: string, most: number): number
  /** Whether a column has a different value in each of the first rows of a table, at most `most` of them. */
  isUnique(table: string, column: string, most: number): boolean
  /** Whether the values in the first rows of a table, at most `most` of them, are all in the key of another table; false if there are none. */
  isWithin(table: string, reference: Reference, most: number): boolean
  close(): void
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** @param name for people @throws StudioError BAD_INPUT if `path` is not a database that SQLite can read. */
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
    // Its views may call only functions that SQLite considers harmless.
    database.pragma('trusted_schema = 0')
    database.prepare('SELECT 1 FROM sqlite_schema').get()
  } catch (error) {
    return refuse(error)
  }
  const number = (sql: string, ...values: unknown[]): number =>
    Number(database.prepare<unknown[], number>(sql).pluck().get(values))
  const keyOf = (table: string): string | null => {
    const [key, ...more] = database
      .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0')
      .pluck()
      .all(table)
    return more.length === 0 ? (key ?? null) : null
  }
  const tables = (): ForeignTable[] => {
    const names = database
      .prepare<[], string>(
        `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
      )
      .pluck()
      .all()
    return names.map((table) => ({
      name: table,
      columns: database
        .prepare(`SELECT * FROM ${quoted(table)} LIMIT 0`)
        .columns()
        .map((column) => column.name),
      key: keyOf(table),
      references: database
        .prepare<[string], { column: string; table: string; key: string | null }>(
          // A key of several columns identifies a row only with all of them.
          `SELECT "from" AS "column", "table", "to" AS "key" FROM pragma_foreign_key_list(?) GROUP BY id HAVING COUNT(*) = 1 ORDER BY id DESC`,
        )
        .all(table)
        .flatMap((reference) => {
          const other = names.find((one) => one.toLowerCase() === reference.table.toLowerCase())
          const key = other === undefined ? null : (reference.key ?? keyOf(other))
          return other === undefined || key === null ? [] : [{ column: reference.column, table: other, key }]
        }),
    }))
  }
  return {
    tables,
    rows: (table, joined = []) => {
      const added = joined.flatMap(({ columns }, at) => columns.map((column) => `joined${at}.${quoted(column)}`))
      const joins = joined.map(
        ({ column, table: other, key }, at) =>
          `LEFT JOIN ${quoted(other)} AS joined${at} ON joined${at}.${quoted(key)} = own.${quoted(column)}`,
      )
      return database
        .prepare(`SELECT ${['own.*', ...added].join(', ')} FROM ${quoted(table)} AS own ${joins.join(' ')}`)
        .safeIntegers()
        .raw()
        .iterate() as IterableIterator<unknown[]>
    },
    count: (table, most) => number(`SELECT COUNT(*) FROM (SELECT 1 FROM ${quoted(table)} LIMIT ?)`, most),
    isUnique: (table, column, most) =>
      number(
        `SELECT COUNT(*) = COUNT(DISTINCT value) FROM (SELECT ${quoted(column)} AS value FROM ${quoted(table)} LIMIT ?)`,
        most,
      ) === 1,
    isWithin: (table, { column, table: other, key }, most) =>
      number(
        `SELECT COUNT(*) > 0 AND COUNT(*) = SUM(value IN (SELECT ${quoted(key)} FROM ${quoted(other)}))
         FROM (SELECT ${quoted(column)} AS value FROM ${quoted(table)} WHERE ${quoted(column)} IS NOT NULL LIMIT ?)`,
        most,
      ) === 1,
    close: () => void database.close(),
  }
}
