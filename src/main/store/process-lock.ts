import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { StudioError, toErrorShape } from '../../shared/errors'
import { namesIn } from './library-folder'

/**
 * Shows which processes are alive, without a clock, process ids or /proc: every process that opens a library holds an operating-system lock on a file of its own for as
 * long as it lives, however it ends. To check the owner of a row or a folder, a process tests whether that file is still locked. This works across
 * PID namespaces and containers of one kernel. It does not work across machines, but neither does SQLite's WAL, which the library needs.
 *
 * Node has no file locks, so SQLite provides them: an exclusive transaction on an empty file, which writes nothing and so works on a full disk.
 * POSIX drops a process's locks when it closes any descriptor of the file, so only SQLite (which knows that) may open it in this process;
 * threads that load SQLite a second time would have to share it, and none opens a library.
 */

/** Identifies a process that works on a library: 32 hexadecimal digits, never used twice. */
export type OwnerId = string

/** The owner of work that its process has left to others. */
export const nobody: OwnerId = ''

/** The folder of a library's locks. */
export const locksIn = (library: string): string => join(library, 'processes')
/** The file that the process with this id has locked. */
export const lockOf = (library: string, owner: OwnerId): string => join(locksIn(library), `${owner}.lock`)

interface Held {
  readonly owner: OwnerId
  readonly lock: Database.Database
  /** How many stores of this process are open on the library. */
  stores: number
}

/** By library folder: the stores of one process share one lock. */
const held = new Map<string, Held>()

/** A sweeping process has a lock file open for milliseconds; a new owner waits this long for it, in milliseconds. */
const patience = 10_000

function openLock(file: string, timeout: number): Database.Database {
  const nativeBinding = process.env['VASP_SQLITE_BINDING']
  return new Database(file, { fileMustExist: true, timeout, ...(nativeBinding ? { nativeBinding } : {}) })
}

/** @throws the file system's error if no file can be made, for example on a completely full disk. */
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

/** Null if another start has swept the file between its creation and its locking; a locked file is never swept. */
function lockedUnlessSwept(file: string): Database.Database | null {
  let lock: Database.Database | null = null
  try {
    lock = openLock(file, patience)
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    // SQLite's possible errors for a missing file.
    if (!existsSync(file)) return null
    throw error
  }
  if (existsSync(file)) return lock
  lock.close()
  return null
}

/** The result of `work` while nobody can take the ownership of `file`; null if a living process owns it. */
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

/** The owner id of this process in a library. @throws StudioError if its lock could not be taken, for example on a full disk. */
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

/** Whether the id is that of this process in the library. */
export const isOwnId = (library: string, owner: OwnerId | null): boolean =>
  owner !== null && held.get(resolve(library))?.owner === owner

/**
 * Takes this process's lock for an opened store, or counts one more store. If the lock cannot be taken (no space, no permission), the library
 * can still be opened: an operation that needs an owner tries again, and fails with the reason.
 * @returns a function that releases the lock with the last store of this process
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
    // Deletes the file first: a dead process also leaves an unlocked file.
    rmSync(lockOf(folder, mine.owner), { force: true })
    mine.lock.close()
  }
}

/** Whether the process with this id in the library is alive, including this one. */
export function isAlive(library: string, owner: OwnerId): boolean {
  const folder = resolve(library)
  if (isOwnId(folder, owner)) return true
  const file = lockOf(folder, owner)
  if (!/^[0-9a-f]{32}$/.test(owner) || !existsSync(file)) return false
  try {
    return whileUnowned(file, () => true) === null
  } catch (error) {
    // Just swept by another process. If a file cannot be opened, for example another user's, its owner may be alive.
    return existsSync(file) || !(error instanceof Database.SqliteError)
  }
}

/** The owner ids of all processes at work on the library, without this one. */
export function livingOthers(library: string): OwnerId[] {
  const folder = resolve(library)
  return owners(folder).filter((owner) => owner !== held.get(folder)?.owner && isAlive(folder, owner))
}

/** The owners of all lock files, alive or dead. */
const owners = (folder: string): OwnerId[] =>
  namesIn(locksIn(folder)).flatMap((name) => /^([0-9a-f]{32})\.lock$/.exec(name)?.[1] ?? [])

/**
 * Whether rows and folders with only a process id, made by version 0.1, may belong to a living process: true if the system has a process
 * with that id. It may be a different one by now, but treating a living one as dead would be worse.
 */
export function mayBeAlive(pid: number): boolean {
  // Work of this process always has its owner id.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
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
      // Another start has swept it, or it belongs to another user; a later start may remove it.
      if (!(error instanceof Database.SqliteError) && !(error instanceof Error && 'code' in error)) throw error
    }
  }
}
