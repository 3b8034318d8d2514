import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Database } from 'better-sqlite3'
import { badInput, StudioError } from '../../shared/errors'
import { formatCount } from '../../shared/format'

const folders = ['weights', 'exports', 'uploads', 'backups']
/** The possible contents of a library's folder; files whose names begin with the database's name belong to it. */
const ownNames = new Set([...folders, 'processes', 'scratch', 'set-aside', 'reserve', 'last-check.json'])
const isOwn = (name: string): boolean => ownNames.has(name) || name.startsWith('library.db')

export const databaseOf = (library: string): string => join(library, 'library.db')
export const weightsOf = (library: string): string => join(library, 'weights')
export const exportsOf = (library: string): string => join(library, 'exports')
export const backupsOf = (library: string): string => join(library, 'backups')
export const reserveOf = (library: string): string => join(library, 'reserve')

/** Removes a database file and SQLite's files beside it. */
export function removeDatabase(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true })
}

/** Names in a folder; none if the folder does not exist. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** SQLite (except on Windows) opens no database whose path, with its links followed, has more bytes: 512 minus `-journal`. */
const longestDatabasePath = 504
/** Space for the longest path of a database within a library: an unfinished backup, with its time, schema, reason and owner in its name. */
const longestWithin = 112
const longestLibrary = longestDatabasePath - longestWithin

/** The nearest existing folder on the way to `path`, including `path` itself. */
const nearestExisting = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path))

function requireShortPath(library: string): void {
  if (process.platform === 'win32') return
  const there = nearestExisting(library)
  const bytes = Buffer.byteLength(join(realpathSync(there), relative(there, library)))
  if (bytes <= longestLibrary) return
  throw badInput(
    `The path of the library is too long for its database: it has ${formatCount(bytes)} bytes, and at most ${longestLibrary} are possible.`,
    'Choose a library folder with a shorter path.',
  )
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** On a read-only disk, Node says ENOENT when it makes folders, so the permissions of the parent folder are checked. */
function causeOf(error: unknown, library: string): string {
  if (codeOf(error) !== 'ENOENT') return codeOf(error)
  try {
    accessSync(nearestExisting(library), constants.W_OK)
    return 'ENOENT'
  } catch (refused) {
    return codeOf(refused)
  }
}

/** Makes a folder with its parents. Node's own recursive form never ends in a file system that accepts no folders, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/**
 * Makes missing folders of a library, and makes an existing library private to its owner.
 * @throws StudioError BAD_INPUT if `library` is a file, has a folder in place of the database, cannot be made or has too long a path; NO_PERMISSION if it may not be written.
 */
export function makeLibraryFolders(library: string): void {
  if (existsSync(library) && !statSync(library).isDirectory())
    throw badInput(`${library} is a file, not a folder.`, 'Choose a folder for the library.')
  requireShortPath(library)
  const database = databaseOf(library)
  if (existsSync(database) && statSync(database).isDirectory())
    throw badInput(
      `${database} is a folder, but a library needs this name for its database.`,
      'Choose another library folder.',
    )
  try {
    for (const name of folders) makeFolder(join(library, name))
    accessSync(library, constants.W_OK)
    if (existsSync(database)) accessSync(database, constants.R_OK | constants.W_OK)
  } catch (error) {
    const cause = causeOf(error, library)
    if (cause === 'EROFS')
      throw new StudioError(
        {
          code: 'NO_PERMISSION',
          message: `The library folder ${library} is on a read-only disk.`,
          next: 'Choose a library folder on another disk, or mount this one for writing, then try again.',
        },
        { cause: error },
      )
    if (cause === 'ENOENT')
      throw badInput(
        `The library folder ${library} cannot be created in ${nearestExisting(library)}.`,
        'Choose a library folder on a disk.',
        { cause: error },
      )
    if (cause !== 'EACCES' && cause !== 'EPERM') throw error
    throw new StudioError(
      {
        code: 'NO_PERMISSION',
        message: `The library folder ${library} cannot be written by this user.`,
        next: 'Change its permissions, or choose another library folder.',
      },
      { cause: error },
    )
  }
  makePrivate(library)
}

/**
 * Makes a library private to its owner: those of earlier versions could be read by everybody on the machine. A folder with other content
 * keeps its permissions (it may be shared on purpose, like /tmp); the library's files in it do not.
 */
export function makePrivate(library: string): void {
  if (process.platform === 'win32') return
  const makeOwn = (path: string): void => {
    const state = lstatSync(path, { throwIfNoEntry: false })
    // Files of another owner cannot be changed and need not be.
    if (!state || state.isSymbolicLink() || state.uid !== process.geteuid?.()) return
    if ((state.mode & 0o077) !== 0) chmodSync(path, state.isDirectory() ? 0o700 : 0o600)
  }
  const names = namesIn(library)
  if (names.every(isOwn)) makeOwn(library)
  for (const name of names.filter(isOwn)) makeOwn(join(library, name))
  for (const folder of [weightsOf(library), exportsOf(library), backupsOf(library)])
    for (const name of namesIn(folder)) makeOwn(join(folder, name))
}

/** Files beside a missing or empty database that show that there was one. */
interface Remains {
  readonly weights: number
  readonly exports: number
  readonly backups: number
  /** Its log, with changes that are not in the database itself. */
  readonly log: boolean
  /** Its reserve, which is made after a library has been opened. */
  readonly reserve: boolean
}

/** Null if the library has a database, or is a new one. */
export function remainsOf(library: string): Remains | null {
  const size = statSync(databaseOf(library), { throwIfNoEntry: false })?.size ?? 0
  if (size > 0) return null
  const counted = (folder: string, ending: string): number =>
    namesIn(folder).filter((name) => name.endsWith(ending)).length
  const holds = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
  const remains = {
    weights: counted(weightsOf(library), '.safetensors'),
    exports: counted(exportsOf(library), '.csv'),
    backups: counted(backupsOf(library), '.db'),
    log: holds(`${databaseOf(library)}-wal`),
    reserve: holds(reserveOf(library)),
  }
  return Object.values(remains).some(Boolean) ? remains : null
}

/** Throws DAMAGED_FILE if the database is missing or empty although the folder has files of a library: a new database would use their numbers. */
export function requireDatabase(library: string): void {
  const remains = remainsOf(library)
  if (!remains) return
  const counted = (count: number, one: string): string[] =>
    count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`]
  const found = [
    ...counted(remains.weights, 'file').map((files) => `${files} of weights`),
    ...counted(remains.exports, 'export'),
    ...counted(remains.backups, 'backup'),
    ...(remains.log ? ['the database’s log (library.db-wal)'] : []),
    ...(remains.reserve ? ['the reserve of a library'] : []),
  ]
  throw new StudioError({
    code: 'DAMAGED_FILE',
    message: `The library ${library} has no database: library.db is ${existsSync(databaseOf(library)) ? 'empty' : 'missing'}, but the folder has ${found.join(', ')}.`,
    next: `${remains.backups > 0 ? 'Restore a backup (vasp library restore)' : 'Restore library.db from your own copy'}, choose another library folder, or create a new database here with --new-library: the existing files stay, and their numbers are not reused.`,
  })
}

/** The highest number in names of the library's files: weights are named by runs, exports by themselves. */
const highest = (names: readonly string[], pattern: RegExp): number =>
  names.reduce((most, name) => Math.max(most, Number(pattern.exec(name)?.[1] ?? 0)), 0)

/** The highest used numbers of a library's tables, by table. */
export type GivenNumbers = Readonly<Record<string, number>>

/** The used numbers in the names of files. */
export const numbersInNames = (library: string): GivenNumbers => ({
  run: highest(namesIn(weightsOf(library)), /^run-(\d+)-/),
  export: highest(namesIn(exportsOf(library)), /^export-(\d+)\./),
})

export const givenNumbers = (database: Database): GivenNumbers =>
  Object.fromEntries(
    database
      .prepare<[], { name: string; seq: number }>('SELECT name, seq FROM sqlite_sequence')
      .all()
      .map(({ name, seq }) => [name, seq]),
  )

/** Makes the database continue above numbers that another database or files have used. */
export function continueNumbers(database: Database, given: GivenNumbers): void {
  const now = givenNumbers(database)
  for (const [table, number] of Object.entries(given)) {
    if (number <= (now[table] ?? 0)) continue
    if (now[table] === undefined)
      database.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, number)
    else database.prepare('UPDATE sqlite_sequence SET seq = ? WHERE name = ?').run(number, table)
  }
}
