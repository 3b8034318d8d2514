import { crc32 } from 'node:zlib'
import type { Database } from 'better-sqlite3'
import { damagedDatabase } from './damage'

/**
 * Every row of the library has a CRC-32 of its other columns. SQLite has none: a flipped bit in a rating or in a metric would read as
 * another rating or metric. (SQLite's checksum VFS checks pages, but is a loadable extension that would have to be built for each platform and
 * for Electron, and does not cover databases that were made without it.)
 *
 * Triggers write the checksum, so that every statement updates it; an update checks the old row, so that a damaged row never gets a valid
 * checksum. Repositories read through `Connection.rows`, which checks every row that it returns.
 */

/** The possible values of a cell in SQLite. */
export type Cell = string | number | bigint | Buffer | Uint8Array | null

/** CRC-32 of a row's values in the order of their columns; types and lengths count. */
export function rowChecksum(values: readonly Cell[]): number {
  let text = ''
  for (const value of values) {
    if (value === null) text += 'n'
    else if (typeof value === 'string') text += `t${value.length}:${value}`
    else if (typeof value === 'object') text += `b${value.byteLength};`
    else text += `i${value};`
  }
  let sum = crc32(text)
  for (const value of values) if (value !== null && typeof value === 'object') sum = crc32(value, sum)
  return sum
}

/** Throws DAMAGED_FILE if a row differs from the one that was stored. */
export function requireIntact(file: string, table: string, checksum: unknown, values: readonly Cell[]): void {
  if (checksum === rowChecksum(values)) return
  throw damagedDatabase(file, `a row of its table “${table}” is no longer what was stored (its checksum differs)`)
}

/** Registers the functions that triggers and views call. */
export function registerChecksums(database: Database, file: string): void {
  database.function('row_checksum', { varargs: true, deterministic: true }, (...values: unknown[]) =>
    rowChecksum(values as Cell[]),
  )
  database.function('checked_row', { varargs: true }, (table: unknown, checksum: unknown, ...values: unknown[]) => {
    requireIntact(file, String(table), checksum, values as Cell[])
    return 1
  })
}

interface Column {
  readonly name: string
  /** Position in the primary key, from 1; 0: not in it. */
  readonly pk: number
}

const columnsOf = (database: Database, table: string): Column[] =>
  database.prepare<[string], Column>('SELECT name, pk FROM pragma_table_info(?) ORDER BY cid').all(table)

/** The library's tables, without SQLite's own. */
export const tablesOf = (database: Database): string[] =>
  database
    .prepare<[], string>(
      `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .pluck()
    .all()

/** Names of the columns in a table's checksum, in their order. */
export const checksummedColumns = (database: Database, table: string): string[] =>
  columnsOf(database, table).flatMap(({ name }) => (name === 'checksum' ? [] : [name]))

/** SQL: a condition that throws for a row whose checksum differs; a migration that gives rows new checksums must not hide damage. */
export const intactRow = (database: Database, table: string): string =>
  `checked_row('${table}', checksum, ${checksummedColumns(database, table).join(', ')})`

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const listed = (columns: readonly string[], row = ''): string => columns.map((name) => row + quoted(name)).join(', ')

/**
 * Gives every table a checksum column with its triggers, and every row its checksum. A later migration that adds columns to a table calls this
 * for it again, so that the checksum includes them.
 */
export function protectRows(database: Database, tables: readonly string[] = tablesOf(database)): void {
  for (const table of tables) {
    for (const when of ['insert', 'update']) database.exec(`DROP TRIGGER IF EXISTS ${table}_checksum_${when}`)
    const columns = columnsOf(database, table)
    if (!columns.some(({ name }) => name === 'checksum'))
      database.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN checksum INTEGER`)
    const checksummed = columns.flatMap(({ name }) => (name === 'checksum' ? [] : [name]))
    const same = columns.flatMap(({ name, pk }) => (pk > 0 ? [`${quoted(name)} = NEW.${quoted(name)}`] : []))
    const sum = `UPDATE ${quoted(table)} SET checksum = row_checksum(${listed(checksummed, 'NEW.')}) WHERE ${same.join(' AND ')};`
    database.exec(`
UPDATE ${quoted(table)} SET checksum = row_checksum(${listed(checksummed)});
CREATE TRIGGER ${table}_checksum_insert AFTER INSERT ON ${quoted(table)} WHEN NEW.checksum IS NULL BEGIN
  ${sum}
END;
CREATE TRIGGER ${table}_checksum_update AFTER UPDATE ON ${quoted(table)} WHEN NEW.checksum IS OLD.checksum BEGIN
  SELECT checked_row('${table}', OLD.checksum, ${listed(checksummed, 'OLD.')});
  ${sum}
END;`)
  }
}
