import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StudioError } from '../../shared/errors'
import { afterDamage, damagedDatabase } from './damage'
import { freeBytes, giveUpRoom } from './reserve'
import { type Cell, registerChecksums, requireIntact, checksummedColumns } from './row-checksum'

/** Milliseconds to wait for another process that writes to the same library. */
const busyTimeout = 10_000
/** Pages returned to the disk in one transaction: 16 MiB. */
const pagesAtOnce = 4096

/** SQLite for the repositories: every write is one short transaction and is refused if the library is read-only. */
export interface Connection {
  /** The library's folder. */
  readonly library: string
  readonly readOnly: boolean
  /** Prepares each text once. */
  prepare<Parameters extends unknown[], Row = unknown>(sql: string): Database.Statement<Parameters, Row>
  /** Runs `change` in a transaction that takes the write lock at its start. @throws StudioError NEWER_DATABASE if the library is read-only. */
  write<T>(change: () => T): T
  /** The same for deletions: on a full disk the library releases its reserve, so that deleting works. */
  remove<T>(change: () => T): T
  /** Equal at two moments if no process has written in between. */
  changeMark(): string
  /** Returns the space of deleted rows to the disk, after the current transaction if there is one. */
  freeSpace(): void
  /** Closes the database during `exchange`, which may replace its file, and opens it again. */
  around(exchange: () => void): void
  close(): void
  /** DAMAGED_FILE for this database. @param what a clause about what is damaged */
  damaged(what: string): StudioError
  /**
   * Whole rows of `table` whose columns have the values of `where`. Throws DAMAGED_FILE for a row whose checksum differs, or that a damaged index
   * returns by mistake. @param rest SQL after the conditions: AND …, ORDER BY …, LIMIT … @param values bound to it
   */
  rows<Row>(table: string, where?: Readonly<Record<string, Cell>>, rest?: string, ...values: readonly Cell[]): Row[]
}

/** Opens a database read-only, without changing a byte of it. */
export function readDatabase(file: string): Database.Database {
  const nativeBinding = process.env.VASP_SQLITE_BINDING
  const database = new Database(file, {
    readonly: true,
    timeout: busyTimeout,
    ...(nativeBinding ? { nativeBinding } : {}),
  })
  registerChecksums(database, file)
  database.pragma('temp_store = MEMORY')
  return database
}

/** @param alone locks the file for this connection alone: then the log's index is in memory, and opening needs no disk space */
export function openDatabase(file: string, { alone = false }: { readonly alone?: boolean } = {}): Database.Database {
  const nativeBinding = process.env.VASP_SQLITE_BINDING
  const database = new Database(file, { timeout: busyTimeout, ...(nativeBinding ? { nativeBinding } : {}) })
  try {
    registerChecksums(database, file)
    // Views and sorting must work on a full disk.
    database.pragma('temp_store = MEMORY')
    // Takes effect only in a new file, and must precede its first page; an existing file stays unchanged, byte for byte.
    if (alone) database.pragma('locking_mode = EXCLUSIVE')
    if (database.pragma('page_count', { simple: true }) === 0) database.pragma('auto_vacuum = INCREMENTAL')
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const newerDatabase = (): StudioError =>
  new StudioError({
    code: 'NEWER_DATABASE',
    message: 'This library was written by a newer version of VASP Studio, so it can be read but not changed.',
    next: 'Update VASP Studio, or choose another library folder.',
  })

/**
 * Tables with so few rows that they are read completely, without an index, and checked as a whole: an index that has lost entries would hide
 * rows, and so would a row whose key has changed. The rows of the other tables are counted.
 */
const scanned = new Set(['dataset', 'run', 'checkpoint', 'map', 'export', 'experiment'])

export function connect(
  opened: Database.Database,
  library: string,
  { readOnly, alone = false }: { readonly readOnly: boolean; readonly alone?: boolean },
): Connection {
  /** Whether space is to be returned after the current transaction. */
  let freeLater = false
  let isAlone = alone
  let database = opened
  const statements = new Map<string, Database.Statement>()
  if (readOnly) database.pragma('query_only = ON')
  const file = join(library, 'library.db')
  const checksummed = new Map<string, string[]>()
  const columnsOf = (table: string): string[] => {
    const columns = checksummed.get(table) ?? checksummedColumns(database, table)
    checksummed.set(table, columns)
    return columns
  }
  const requireRowsIntact = (table: string, found: readonly Record<string, Cell>[]): void => {
    const names = columnsOf(table)
    for (const row of found)
      requireIntact(
        file,
        table,
        row['checksum'],
        names.map((column) => row[column] ?? null),
      )
  }
  /** The scanned tables that were found intact, and the state of the library at that time. */
  const intact = new Map<string, string>()
  const vacuum = (): void => {
    const free = (): number => Number(database.pragma('freelist_count', { simple: true }))
    // In steps, so that other processes can write in between.
    for (let before = free(); before > 0;) {
      database.pragma(`incremental_vacuum(${pagesAtOnce})`)
      const left = free()
      if (left >= before) break
      before = left
    }
    database.pragma('wal_checkpoint(TRUNCATE)')
  }
  return {
    library,
    readOnly,
    close: () => void database.close(),
    around(exchange) {
      isAlone = false
      statements.clear()
      checksummed.clear()
      intact.clear()
      database.close()
      try {
        exchange()
      } finally {
        database = openDatabase(file)
        if (readOnly) database.pragma('query_only = ON')
      }
    },
    // https://sqlite.org/pragma.html#pragma_data_version notices only other connections.
    changeMark() {
      const own = this.prepare<[], number>('SELECT total_changes()').pluck().get()
      return `${String(database.pragma('data_version', { simple: true }))} ${String(own)}`
    },
    damaged: (what) => damagedDatabase(file, what),
    rows<Row>(table: string, where: Readonly<Record<string, Cell>> = {}, rest = '', ...values: readonly Cell[]): Row[] {
      const requireTableIntact = (): void => {
        const mark = this.changeMark()
        if (intact.get(table) === mark) return
        const all = this.prepare<[], Record<string, Cell>>(`SELECT * FROM ${table} NOT INDEXED`).iterate()
        for (const row of all) requireRowsIntact(table, [row])
        intact.set(table, mark)
      }
      const conditions = Object.keys(where).map((column) => ` AND ${column} IS ?`)
      const found = this.prepare<Cell[], Record<string, Cell>>(
        `SELECT * FROM ${table}${scanned.has(table) ? ' NOT INDEXED' : ''} WHERE 1${conditions.join('')} ${rest}`,
      ).all(...Object.values(where), ...values)
      // One row is asked for by its key: other rows matter only if it is missing. Each step of a training changes its run's row, in a table of
      // perhaps thousands.
      const isFoundByKey = 'id' in where && found.length === 1
      if (scanned.has(table) && !isFoundByKey) requireTableIntact()
      requireRowsIntact(table, found)
      for (const row of found)
        for (const column in where)
          if (row[column] !== where[column])
            throw damagedDatabase(file, `an index of its table “${table}” leads to rows of another ${column}`)
      return found as Row[]
    },
    prepare<Parameters extends unknown[], Row>(sql: string) {
      let statement = statements.get(sql)
      if (!statement) {
        statement = database.prepare(sql)
        statements.set(sql, statement)
      }
      return statement as Database.Statement<Parameters, Row>
    },
    write(change) {
      if (readOnly) throw newerDatabase()
      let result: ReturnType<typeof change>
      try {
        result = database.transaction(change).immediate()
      } catch (error) {
        throw explainSqlite(error, library)
      }
      // Other processes may open the library again as soon as the disk has space.
      if (isAlone && !database.inTransaction && !isFull(library)) this.around(() => undefined)
      if (freeLater && !database.inTransaction) this.freeSpace()
      return result
    },
    remove(change) {
      for (;;)
        try {
          return this.write(change)
        } catch (error) {
          // An outer transaction is retried as a whole.
          if (!isDiskFull(error) || database.inTransaction) throw error
          const given = giveUpRoom(library)
          if (given === null) throw nothingToGive(library, error)
          process.stderr.write(`${given}\n`)
        }
    },
    freeSpace() {
      freeLater = database.inTransaction
      if (freeLater) return
      try {
        vacuum()
      } catch (error) {
        // The rows are deleted anyway; their pages are reused, and the next deletion shortens the file.
        if (!isDiskFull(explainSqlite(error, library))) throw error
      }
    },
  }
}

const isFull = (library: string): boolean => freeBytes(library) < 64 * 1024

const nothingToGive = (library: string, cause: unknown): StudioError =>
  new StudioError(
    {
      code: 'DISK_FULL',
      message: `The disk that holds the library ${library} is completely full, and the library has no reserve left that it could release to delete this.`,
      next: 'Free a megabyte on that disk, then try again.',
    },
    { cause },
  )

export const isDiskFull = (error: unknown): boolean => error instanceof StudioError && error.code === 'DISK_FULL'

/** Explains errors of SQLite in plain words; anything else passes unchanged. */
export function explainSqlite(error: unknown, library: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const options = { cause: error }
  if (error.code === 'SQLITE_FULL' || (/^SQLITE_(IOERR|CANTOPEN)/.test(error.code) && isFull(library)))
    return new StudioError(
      {
        code: 'DISK_FULL',
        message: `The disk that holds the library ${library} is full.`,
        next: 'Free some space on it, or choose another library folder, then try again.',
      },
      options,
    )
  if (isDamage(error)) return damagedDatabase(join(library, 'library.db'), damageWords(error), error)
  if (
    error.code.startsWith('SQLITE_READONLY') ||
    error.code.startsWith('SQLITE_CANTOPEN') ||
    error.code === 'SQLITE_PERM'
  )
    return new StudioError(
      {
        code: 'NO_PERMISSION',
        message: `The library ${library} cannot be written by this user.`,
        next: 'Change the permissions of the folder and of library.db, or choose another library folder.',
      },
      options,
    )
  if (error.code.startsWith('SQLITE_BUSY') || error.code === 'SQLITE_LOCKED')
    return new StudioError(
      {
        code: 'CONFLICT',
        message: 'Another program kept the library locked for too long.',
        next: 'Wait for it to finish or close it, then try again.',
      },
      options,
    )
  return new StudioError(
    {
      code: 'INTERNAL',
      message: `The library database in ${library} reported an error: ${error.message}.`,
      next: `Try again. If it happens again, copy this message and report it. ${afterDamage}`,
    },
    options,
  )
}

/** Whether this error of SQLite means that the file is damaged; an unreadable disk looks the same. */
const isDamage = ({ code, message }: InstanceType<typeof Database.SqliteError>): boolean =>
  /^SQLITE_(CORRUPT|NOTADB|IOERR|FORMAT|MISMATCH|CONSTRAINT_DATATYPE)/.test(code) ||
  /malformed|no such (table|column|index)/.test(message)

const damageWords = ({ code, message }: InstanceType<typeof Database.SqliteError>): string =>
  code.startsWith('SQLITE_IOERR')
    ? `it cannot be read or written (${message}), because the file or its disk is broken`
    : `SQLite cannot read it (${message})`
