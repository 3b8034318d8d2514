import { statfsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { StudioError } from '../../shared/errors'

/** Milliseconds to wait for another process that writes to the same library. */
const busyTimeout = 10_000
/** Pages given back to the disk in one transaction: 16 MiB. */
const pagesAtOnce = 4096

/** SQLite as the repositories see it: every write is one short transaction, refused where the library is read-only. */
export interface Connection {
  readonly database: Database.Database
  /** The library's folder. */
  readonly library: string
  readonly readOnly: boolean
  /** Prepares once per text. */
  prepare<Parameters extends unknown[], Row = unknown>(sql: string): Database.Statement<Parameters, Row>
  /** Runs `change` in a transaction that takes the write lock at its start. @throws StudioError NEWER_DATABASE when read-only. */
  write<T>(change: () => T): T
  /** Gives the space of deleted rows back to the disk, after the present transaction where there is one. */
  freeSpace(): void
}

export function openDatabase(file: string): Database.Database {
  const nativeBinding = process.env.VASP_SQLITE_BINDING
  const database = new Database(file, { timeout: busyTimeout, ...(nativeBinding ? { nativeBinding } : {}) })
  try {
    // Takes effect in a new file only, and must come before its first page is written; an old one is left untouched, byte for byte.
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

export function connect(database: Database.Database, library: string, readOnly: boolean): Connection {
  /** Whether space is to be given back once the present transaction has ended. */
  let freeLater = false
  const statements = new Map<string, Database.Statement>()
  if (readOnly) database.pragma('query_only = ON')
  return {
    database,
    library,
    readOnly,
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
      try {
        const result = database.transaction(change).immediate()
        if (freeLater && !database.inTransaction) this.freeSpace()
        return result
      } catch (error) {
        throw explainSqlite(error, library)
      }
    },
    freeSpace() {
      freeLater = database.inTransaction
      if (freeLater) return
      const free = (): number => Number(database.pragma('freelist_count', { simple: true }))
      // In steps, so that other processes of the library can write in between.
      for (let before = free(); before > 0;) {
        database.pragma(`incremental_vacuum(${pagesAtOnce})`)
        const left = free()
        if (left >= before) break
        before = left
      }
      database.pragma('wal_checkpoint(TRUNCATE)')
    },
  }
}

const isFull = (library: string): boolean => {
  const disk = statfsSync(library)
  return disk.bavail * disk.bsize < 64 * 1024
}

/** Says in people's words what SQLite refused; anything else passes unchanged. */
export function explainSqlite(error: unknown, library: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const options = { cause: error }
  if (error.code === 'SQLITE_FULL' || (error.code.startsWith('SQLITE_IOERR') && isFull(library)))
    return new StudioError(
      {
        code: 'DISK_FULL',
        message: `The disk that holds the library ${library} is full.`,
        next: 'Free some space on it, or choose another library folder, then try again.',
      },
      options,
    )
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB')
    return new StudioError(
      {
        code: 'DAMAGED_FILE',
        message: `The library database in ${library} is damaged or is no database (${error.message}).`,
        next: 'Restore library.db from the folder backups beside it, or choose another library folder.',
      },
      options,
    )
  if (
    error.code.startsWith('SQLITE_READONLY') ||
    error.code.startsWith('SQLITE_CANTOPEN') ||
    error.code === 'SQLITE_PERM'
  )
    return new StudioError(
      {
        code: 'NO_PERMISSION',
        message: `The library ${library} may not be written by this user.`,
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
  return error
}
