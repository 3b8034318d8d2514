import { mkdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { StudioError, cancelled } from '../../../shared/errors'
import { formatBytes } from '../../../shared/format'
import type { BackupReason, LibraryBackup, LibraryStep } from '../../../shared/library'
import { type Connection, openDatabase } from '../connection'
import { backupsOf, databaseOf, namesIn, removeDatabase } from '../library-folder'
import { schemaVersion } from '../migrations/apply'
import { explainStored } from '../explained'
import { isAlive, ownIdIn } from '../process-lock'
import { type BackupPolicy, backupsIn, newBackupName, outdated, placeBackup, removeBackup } from './backup-files'
import { databaseFindings } from './check-database'

/** Pages copied between two progress reports: 16 MiB. */
const pagesAtOnce = 4096
/** Disk space left free beside a backup, so that it never takes the last space that the library itself needs. */
const leftFree = 128 * 1024 ** 2

export interface MaintenanceContext {
  readonly progress: (step: LibraryStep) => void
  readonly signal: AbortSignal
}

/**
 * Compares the content of two moments without reading all of it: the text differs if anything that people work with has changed. Jobs and settings do not count.
 */
export function contentMark(database: Pick<Connection, 'prepare'>): string {
  const tables = ['dataset', 'item', 'run', 'checkpoint', 'epoch', 'export', 'experiment', 'experiment_run', 'map']
  return [...tables, 'preparation', 'import_template', 'run_label', 'run_view', 'comparison']
    .map((table) =>
      database.prepare<[], string>(`SELECT count(*) || '.' || coalesce(sum(checksum), 0) FROM ${table}`).pluck().get(),
    )
    .join(' ')
}

/**
 * Copies the database in its current state, checks the copy page by page and row by row, and adds it to the backups; then it deletes those that
 * the policy does not keep. Other processes may write meanwhile. Returns null if nothing changed since the newest backup and `onlyIfChanged`.
 * @throws StudioError DISK_FULL if there is no space, DAMAGED_FILE if the copy is damaged: then no backup is made and none is deleted.
 */
export async function makeBackup(
  library: string,
  reason: BackupReason,
  options: { readonly policy: BackupPolicy | null; readonly onlyIfChanged: boolean },
  { progress, signal }: MaintenanceContext,
): Promise<LibraryBackup | null> {
  const file = databaseOf(library)
  removeUnfinishedBackups(library)
  const source = openDatabase(file)
  try {
    // From here on, this connection sees one state of the library, however long the copy takes.
    source.exec('BEGIN')
    const schema = schemaVersion(source)
    const content = contentMark(source)
    const isKnown = (): boolean => options.onlyIfChanged && backupsIn(library)[0]?.known?.content === content
    if (isKnown()) return null
    requireRoom(
      library,
      Number(source.pragma('page_count', { simple: true })) * Number(source.pragma('page_size', { simple: true })),
    )
    const named = newBackupName(library, reason, schema)
    const temporary = join(backupsOf(library), `${named.name}.${ownIdIn(library)}.part`)
    try {
      await source.backup(temporary, {
        progress({ totalPages, remainingPages }) {
          if (signal.aborted) throw cancelled('The backup')
          progress({ stage: 'Copying the database', done: totalPages - remainingPages, total: totalPages })
          return pagesAtOnce
        },
      })
      makeOneFile(temporary)
      progress({ stage: 'Checking the copy', done: 0, total: null })
      requireSound(temporary)
      // Another program of the library may have made the same one meanwhile.
      if (isKnown()) return null
      const placed = placeBackup(library, temporary, { ...named, reason, schema, content })
      if (options.policy)
        for (const old of outdated(backupsIn(library), options.policy, Date.now())) removeBackup(library, old)
      return placed
    } finally {
      removeDatabase(temporary)
    }
  } catch (error) {
    throw explainStored(error, library, file)
  } finally {
    source.close()
  }
}

/** A copy inherits the write-ahead log of its original; without one it is a single file that can be moved. */
function makeOneFile(path: string): void {
  const copy = openDatabase(path)
  try {
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** Throws DAMAGED_FILE if a copy of a library's database is not intact. */
export function requireSound(path: string): void {
  const copy = openDatabase(path)
  try {
    copy.pragma('journal_mode = DELETE')
    const [first] = databaseFindings(copy, path)
    if (first)
      throw new StudioError({
        code: 'DAMAGED_FILE',
        message: `No backup was made, because the library’s database is damaged: ${first.message}`,
        next: first.remedy,
      })
  } finally {
    copy.close()
  }
}

/** Throws DISK_FULL if there is no space for a backup, before it begins. */
export function requireRoomForBackup(library: string): void {
  const size = (end: string): number => statSync(`${databaseOf(library)}${end}`, { throwIfNoEntry: false })?.size ?? 0
  requireRoom(library, Math.max(size(''), size('-wal')))
}

function requireRoom(library: string, bytes: number): void {
  const disk = statfsSync(backupsOf(library))
  const free = disk.bavail * disk.bsize
  if (free >= bytes + leftFree) return
  throw new StudioError({
    code: 'DISK_FULL',
    message: `No backup was made: it needs ${formatBytes(bytes)}, and ${formatBytes(leftFree)} must stay free, but the disk of the library has only ${formatBytes(free)}.`,
    next: 'Free some space on that disk, or delete old backups (vasp library backups).',
  })
}

/** Removes copies that a process did not finish before it died. */
export function removeUnfinishedBackups(library: string): void {
  for (const name of namesIn(backupsOf(library))) {
    const owner = /\.([0-9a-f]{32})\.part(-wal|-shm|-journal)?$/.exec(name)?.[1]
    if (owner !== undefined && !isAlive(library, owner)) rmSync(join(backupsOf(library), name), { force: true })
  }
}

/** A consistent copy before the schema changes: the fastest possible copy, because the app waits for it. */
export function backUpBeforeMigration(database: Database, library: string, version: number): string {
  mkdirSync(backupsOf(library), { recursive: true })
  const named = newBackupName(library, 'migration', version)
  const temporary = join(backupsOf(library), `${named.name}.${ownIdIn(library)}.part`)
  try {
    database.prepare('VACUUM INTO ?').run(temporary)
    const copy = openDatabase(temporary)
    try {
      copy.pragma('journal_mode = DELETE')
      const said = copy.pragma('quick_check(1)', { simple: true })
      if (said !== 'ok') throw new Error(`the copy made before it is damaged (${String(said)})`)
    } finally {
      copy.close()
    }
    placeBackup(library, temporary, { ...named, reason: 'migration', schema: version, content: '' })
  } catch (error) {
    removeDatabase(temporary)
    throw error
  }
  return join(backupsOf(library), named.name)
}
