import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import { openDatabase, readDatabase } from '../connection'
import { migrations } from '../migrations/all'
import { applyMigrations } from '../migrations/apply'
import { type Cell, rowChecksum, checksummedColumns, tablesOf } from '../row-checksum'
import { keyOf } from './check-database'

/** The rows saved from a table. */
export interface RecoveredTable {
  readonly table: string
  readonly rows: number
  /** Rows that could be read but are not what was stored. */
  readonly damaged: number
  /** Whether some pages of the table could not be read at all. */
  readonly holes: boolean
}

/**
 * Copies every readable, undamaged row into a new database of the newest schema. Rows are read forwards and, if a page
 * stops that, backwards from the end and onwards after the gap. @param from is only read @param to must not exist
 */
export function recoverRows(from: string, to: string): RecoveredTable[] {
  const target = openDatabase(to)
  try {
    target.pragma('journal_mode = DELETE')
    target.pragma('foreign_keys = OFF')
    applyMigrations(target, migrations)
    const source = readDatabase(from)
    try {
      // Schema, indexes and triggers come from the new database; only the tables' pages of the old one are read.
      source.pragma('writable_schema = ON')
      return target.transaction(() => tablesOf(target).map((table) => recoverTable(source, target, table)))()
    } finally {
      source.close()
    }
  } finally {
    target.close()
  }
}

function recoverTable(source: Database.Database, target: Database.Database, table: string): RecoveredTable {
  const columns = [...checksummedColumns(target, table), 'checksum']
  const insert = target.prepare<Cell[]>(
    `INSERT OR IGNORE INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  let [rows, damaged] = [0, 0]
  const take = (row: Record<string, Cell>): void => {
    const values = columns.map((column) => row[column] ?? null)
    if (row['checksum'] !== rowChecksum(values.slice(0, -1))) damaged++
    else rows += insert.run(...values).changes
  }
  const holes = isRowidTable(target, table)
    ? readByRowid(source, table, take)
    : readByKey(source, table, keyOf(target, table), take)
  return { table, rows, damaged, holes }
}

const isRowidTable = (database: Database.Database, table: string): boolean =>
  database.prepare<[string], number>(`SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'`).pluck().get(table) ===
  0

type Take = (row: Record<string, Cell>) => void

/** Goes forward from each row id; if a page cannot be read, it searches for the next readable row in increasing steps. Returns whether there were gaps. */
function readByRowid(source: Database.Database, table: string, take: Take): boolean {
  let holes = false
  let last = readUntilError(
    () => source.prepare(`SELECT rowid AS vasp_rowid, * FROM "${table}" NOT INDEXED WHERE rowid > ? ORDER BY rowid`),
    0,
    take,
  )
  if (last === null) return false
  // From the end back to the gap.
  const first = readUntilError(
    () =>
      source.prepare(`SELECT rowid AS vasp_rowid, * FROM "${table}" NOT INDEXED WHERE rowid < ? ORDER BY rowid DESC`),
    Number.MAX_SAFE_INTEGER,
    take,
  )
  if (first === null) return true
  holes = true
  for (let step = 1; last < first; step = Math.min(step * 2, Math.max(1, first - last))) {
    const from: number = last + step
    if (from >= first) break
    const reached: number | null = readUntilError(
      () =>
        source.prepare(
          `SELECT rowid AS vasp_rowid, * FROM "${table}" NOT INDEXED WHERE rowid > ? AND rowid < ${first} ORDER BY rowid`,
        ),
      from,
      take,
    )
    if (reached === null) break
    if (reached > from) step = 1
    last = Math.max(last + step, reached)
  }
  return holes
}

/** Returns the last row id that was read before an error, or null if the end was reached. */
function readUntilError(prepare: () => Database.Statement, from: number, take: Take): number | null {
  let last = from
  try {
    for (const row of prepare().iterate(from) as IterableIterator<Record<string, Cell>>) {
      last = Number(row['vasp_rowid'])
      take(row)
    }
    return null
  } catch (error) {
    if (error instanceof Database.SqliteError) return last
    throw error
  }
}

/** Tables without row ids: forwards by their key, then backwards. Returns whether either ended early. */
function readByKey(source: Database.Database, table: string, key: readonly string[], take: Take): boolean {
  const whole = (direction: 'ASC' | 'DESC'): boolean =>
    readUntilError(
      () =>
        source.prepare(
          `SELECT 0 AS vasp_rowid, * FROM "${table}" WHERE ? = 0 ORDER BY ${key.map((name) => `"${name}" ${direction}`).join(', ')}`,
        ),
      0,
      take,
    ) === null
  return !whole('ASC') && (whole('DESC'), true)
}

const pageSize = 4096

/**
 * Writes the header of this program's databases into a copy of a database, so that SQLite opens it: the damaged bytes are not
 * needed to read its tables.
 */
export function mendHeader(copy: string): void {
  const descriptor = openSync(copy, 'r+')
  try {
    const pages = Math.floor(fstatSync(descriptor).size / pageSize)
    const header = Buffer.alloc(100)
    readSync(descriptor, header, 0, 100, 0)
    header.write('SQLite format 3\0', 0, 'latin1')
    header.writeUInt16BE(pageSize, 16)
    Buffer.from([2, 2, 0, 64, 32, 32]).copy(header, 18)
    header.writeUInt32BE(pages, 28)
    // Free pages are not read, and a damaged list of them would stop a check.
    header.writeUInt32BE(4, 44)
    header.writeUInt32BE(1, 56)
    header.fill(0, 72, 92)
    header.writeUInt32BE(header.readUInt32BE(24), 92)
    writeSync(descriptor, header, 0, 100, 0)
  } finally {
    closeSync(descriptor)
  }
}
