import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { StudioError, toErrorShape } from '../../shared/errors'
import { namesIn } from './library-folder'

/**
 * Who is alive, without a clock, process ids or /proc: every process that opens a library holds an operating-system lock on a file of its own for as
 * long as it lives, however it ends. Whoever finds a row or a folder of an owner asks whether that file is still locked. This works across
 * PID namespaces and containers of one kernel. It does not across machines: SQLite's WAL, which the library needs, does not work there either.
 *
 * Node has no file locks, so SQLite takes them: an exclusive transaction on an empty file, which writes nothing and so works on a full disk.
 * POSIX drops a process's locks when it closes any descriptor of the file, so nobody but SQLite (which knows that) may open it in this process;
 * threads that load SQLite anew would have to share it, and none opens a library.
 */

/** Names a process at work on a library: 32 hexadecimal digits, never used twice. */
export type OwnerId = string

/** Where the locks of a library lie. */
export const locksIn = (library: string): string => join(library, 'processes')
/** The file that the process of this id holds locked. */
export const lockOf = (library: string, owner: OwnerId): string => join(locksIn(library), `${owner}.lock`)

interface Held {
  readonly owner: OwnerId
  readonly lock: Database.Database
  /** How many stores of this process are open on the library. */
  stores: number
}

/** By library folder: the stores of one process share one lock. */
const held = new Map<string, Held>()

/** A process is in its lock file for milliseconds when it is swept; this is how long a new owner waits for that, in milliseconds. */
const patience = 10_000

function openLock(file: string, timeout: number): Database.Database {
  const nativeBinding = process.env['VASP_SQLITE_BINDING']
  return new Database(file, { fileMustExist: true, timeout, ...(nativeBinding ? { nativeBinding } : {}) })
}

/** @throws the file system's error where no file can be made, as on a disk that is full to the last entry. */
function takeLock(library: string): Held {
  mkdirSync(locksIn(library), { recursive: true, mode: 0o700 })
  for (;;) {
    const owner = randomBytes(16).toString('hex')
    const file = lockOf(library, owner)
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 })
    const lock = lockedUnlessSwept(file)
    if (lock) return { owner, lock, stores: 0 }
  }
}

/** Null where another start has swept the file between its making and its locking; once locked, nobody does. */
function lockedUnlessSwept(file: string): Database.Database | null {
  let lock: Database.Database | null = null
  try {
    lock = openLock(file, patience)
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    // Whatever SQLite says of a file that is gone.
    if (!existsSync(file)) return null
    throw error
  }
  if (existsSync(file)) return lock
  lock.close()
  return null
}

/** What `work` says while nobody can begin to own `file`; null where a living process owns it. */
function whileUnowned<T>(file: string, work: () => T): T | null {
  const lock = openLock(file, 0)
  try {
    lock.exec('BEGIN')
    // Shared, so that several can ask at once.
    lock.prepare('SELECT 1 FROM sqlite_schema').get()
    return work()
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw error
  } finally {
    lock.close()
  }
}

/** The owner id of this process in a library. @throws StudioError where its lock could not be taken, as on a full disk. */
export function ownIdIn(library: string): OwnerId {
  const folder = resolve(library)
  let mine = held.get(folder)
  if (!mine) {
    try {
      mine = takeLock(folder)
    } catch (error) {
      throw new StudioError(toErrorShape(error), { cause: error })
    }
    held.set(folder, mine)
  }
  return mine.owner
}

/**
 * Takes this process's lock for an opened store, or counts one store more. Where the lock cannot be taken (no space, no permission) the library
 * can be opened all the same: whatever needs an owner asks again, and fails with the reason.
 * @returns gives the lock back with the last store of this process
 */
export function holdLock(library: string): () => void {
  const folder = resolve(library)
  try {
    ownIdIn(folder)
  } catch (error) {
    if (!(error instanceof StudioError) || !['DISK_FULL', 'NO_PERMISSION'].includes(error.code)) throw error
    return () => undefined
  }
  const mine = held.get(folder)
  if (mine) mine.stores++
  let given = false
  return () => {
    if (!mine || given) return
    given = true
    if (--mine.stores > 0) return
    held.delete(folder)
    // The file first: an unlocked file is what a dead process leaves.
    rmSync(lockOf(folder, mine.owner), { force: true })
    mine.lock.close()
  }
}

/** Whether the process that has this id in the library is at work, this one included. */
export function isAlive(library: string, owner: OwnerId): boolean {
  const folder = resolve(library)
  if (held.get(folder)?.owner === owner) return true
  const file = lockOf(folder, owner)
  if (!/^[0-9a-f]{32}$/.test(owner) || !existsSync(file)) return false
  try {
    return whileUnowned(file, () => true) === null
  } catch (error) {
    // Swept in this moment. A file that cannot be opened, as another user's, says nothing: then its owner may live.
    return existsSync(file) || !(error instanceof Database.SqliteError)
  }
}

/** The owner ids of all processes at work on the library, without this one. */
export function livingOthers(library: string): OwnerId[] {
  const folder = resolve(library)
  return owners(folder).filter((owner) => owner !== held.get(folder)?.owner && isAlive(folder, owner))
}

/** Whoever has a lock file, living or dead. */
const owners = (folder: string): OwnerId[] =>
  namesIn(locksIn(folder)).flatMap((name) => /^([0-9a-f]{32})\.lock$/.exec(name)?.[1] ?? [])

/**
 * Whether what names no owner but a process id, as rows and folders of version 0.1 do, may belong to a living process: where the system has a process
 * of that id. It may be another by now; that is taken for the one that was meant, since ending a living one's work would be worse.
 */
export function mayBeAlive(pid: number): boolean {
  // Whatever this process does is named by its owner id.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Removes the lock files of processes that have ended. */
export function sweepLocks(library: string): void {
  const folder = resolve(library)
  for (const owner of owners(folder)) {
    if (held.get(folder)?.owner === owner) continue
    const file = lockOf(folder, owner)
    try {
      whileUnowned(file, () => rmSync(file, { force: true }))
    } catch (error) {
      // Another start has swept it, or it is another user's; a later start may remove it.
      if (!(error instanceof Database.SqliteError) && !(error instanceof Error && 'code' in error)) throw error
    }
  }
}
