import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { notFound } from '../../../shared/errors'
import { type BackupReason, libraryBackup, type LibraryBackup } from '../../../shared/library'
import { backupsOf, namesIn } from '../library-folder'

const ending = '.db'
/** A backup's description is beside it, so that a folder of backups can be understood on its own. */
const descriptionOf = (path: string): string => `${path.slice(0, -ending.length)}.json`

/** The time of a backup is in its name, like its number: file systems and copies change dates. */
const stamp = (moment: Date): string => moment.toISOString().replaceAll(/[:.]/g, '-')
const stamped = /(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z/

/** The number in a backup's name, also of an unfinished one: `library-12-2026-…`. */
const numberIn = (name: string): number | null => {
  const number = /^library-(\d{1,9})-\d{4}-\d{2}-\d{2}T/.exec(name)?.[1]
  return number === undefined ? null : Number(number)
}

/** The name of a new backup; its number is higher than all others. */
export function newBackupName(
  library: string,
  reason: BackupReason,
  schema: number,
): Pick<LibraryBackup, 'number' | 'createdAt'> & { name: string } {
  const number = 1 + namesIn(backupsOf(library)).reduce((highest, name) => Math.max(highest, numberIn(name) ?? 0), 0)
  for (let moment = new Date(); ; moment = new Date(moment.getTime() + 1)) {
    const name = `library-${number}-${stamp(moment)}-schema-${schema}-${reason}${ending}`
    if (!existsSync(join(backupsOf(library), name))) return { name, number, createdAt: moment.toISOString() }
  }
}

/** SHA-256 of a file in hexadecimal, read in pieces. */
export function fileSha256(path: string): string {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(1 << 20)
  const descriptor = openSync(path, 'r')
  try {
    for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece))
      hash.update(piece.subarray(0, read))
  } finally {
    closeSync(descriptor)
  }
  return hash.digest('hex')
}

/** Writes a file or folder to the disk, so that it survives a power failure. */
export function syncToDisk(path: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Gives a checked copy its final name beside its description. From then on it is a backup. */
export function placeBackup(
  library: string,
  temporary: string,
  backup: Pick<LibraryBackup, 'number' | 'createdAt' | 'reason'> & { name: string; schema: number; content: string },
): LibraryBackup {
  const path = join(backupsOf(library), backup.name)
  syncToDisk(temporary)
  const placed: LibraryBackup = {
    file: backup.name,
    number: backup.number,
    createdAt: backup.createdAt,
    bytes: statSync(temporary).size,
    reason: backup.reason,
    known: { sha256: fileSha256(temporary), schema: backup.schema, content: backup.content },
  }
  const description = descriptionOf(path)
  writeFileSync(`${description}.tmp`, `${JSON.stringify(placed, null, 2)}\n`)
  syncToDisk(`${description}.tmp`)
  renameSync(`${description}.tmp`, description)
  renameSync(temporary, path)
  syncToDisk(backupsOf(library))
  return placed
}

/** Newest first by number, because a clock may have been wrong; then those without one, by date. */
const newestFirst = (a: LibraryBackup, b: LibraryBackup): number =>
  (b.number ?? 0) - (a.number ?? 0) || b.createdAt.localeCompare(a.createdAt) || b.file.localeCompare(a.file)

/** The backups of a library, newest first. */
export const backupsIn = (library: string): LibraryBackup[] =>
  namesIn(backupsOf(library))
    .filter((name) => name.endsWith(ending))
    .map((name) => described(join(backupsOf(library), name), name))
    .sort(newestFirst)

function described(path: string, name: string): LibraryBackup {
  const { size, mtime } = statSync(path)
  const unknown: LibraryBackup = {
    file: name,
    number: numberIn(name),
    createdAt: (momentIn(name) ?? mtime).toISOString(),
    bytes: size,
    reason: /-schema-\d+-\d{4}-/.test(name) ? 'migration' : 'unknown',
    known: null,
  }
  let text: string
  try {
    text = readFileSync(descriptionOf(path), 'utf8')
  } catch {
    return unknown
  }
  const read = libraryBackup.omit({ number: true }).safeParse(jsonOrNothing(text))
  return read.success && read.data.file === name ? { ...read.data, number: unknown.number, bytes: size } : unknown
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // If a description cannot be read, nothing is known about the backup; restoring checks it anyway.
    return undefined
  }
}

function momentIn(name: string): Date | null {
  const [, day, hours, minutes, seconds, milliseconds] = stamped.exec(name) ?? []
  return day === undefined ? null : new Date(`${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`)
}

/** The backup of this name, or the newest one. Throws NOT_FOUND with those that exist. */
export function chosenBackup(library: string, name: string | null): LibraryBackup {
  const backups = backupsIn(library)
  const found = name === null ? backups[0] : backups.find(({ file }) => file === name)
  if (found) return found
  if (backups.length === 0)
    throw notFound(
      `There are no backups in ${backupsOf(library)}.`,
      'Put your own copy into that folder, named library-….db, or repair the library (vasp library repair).',
    )
  throw notFound(
    `There is no backup ${name}. Backups: ${backups
      .slice(0, 12)
      .map(({ file }) => file)
      .join(', ')}.`,
    'Choose one of them; vasp library backups lists all.',
  )
}

export function removeBackup(library: string, { file }: LibraryBackup): void {
  const path = join(backupsOf(library), file)
  // The file first: a description without a backup is not listed.
  rmSync(path, { force: true })
  rmSync(descriptionOf(path), { force: true })
}

/** How many automatic backups are kept. */
export interface BackupPolicy {
  /** This many of the newest, whatever their age. */
  readonly newest: number
  /** One a day for this many days. */
  readonly daily: number
  /** One a week for this many weeks. */
  readonly weekly: number
}

const dayMs = 86_400_000

/**
 * The backups that the policy deletes; those that a person requested, and those from before a repair or a restoration, stay until a person deletes
 * them. The newest of each day or week stays. The number of days or weeks is also limited, because dates may be wrong.
 */
export function outdated(backups: readonly LibraryBackup[], policy: BackupPolicy, now: number): LibraryBackup[] {
  const own = backups.filter(({ reason }) => reason === 'scheduled' || reason === 'migration').sort(newestFirst)
  const stay = new Set(own.slice(0, policy.newest))
  for (const [length, count] of [
    [dayMs, policy.daily],
    [7 * dayMs, policy.weekly],
  ] as const) {
    const seen = new Set<number>()
    for (const backup of own) {
      const moment = Date.parse(backup.createdAt)
      const period = Math.floor(moment / length)
      if (moment < now - length * count || seen.size >= count || seen.has(period)) continue
      seen.add(period)
      stay.add(backup)
    }
  }
  return own.filter((backup) => !stay.has(backup))
}
