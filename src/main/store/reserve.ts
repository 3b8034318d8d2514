import { randomFillSync } from 'node:crypto'
import { closeSync, openSync, statfsSync, statSync, truncateSync, writeSync } from 'node:fs'
import { formatBytes } from '../../shared/format'
import { reserveOf } from './library-folder'
import { backupsIn, removeBackup } from './maintenance/backup-files'

/**
 * On a disk without a free byte SQLite can neither open a library nor delete from it: both need some room for its log and the log's index. A library
 * therefore holds a file that is of no use but to be given up then.
 */
const reserveBytes = 8 * 1024 ** 2
/** Given up at a time: others may fill the disk again at once, and the next deletion needs some, too. */
const portion = 1024 ** 2
/** A reserve is only made where this much stays free: it must not be what fills the disk. */
const roomyBytes = 64 * 1024 ** 2

/** Bytes that this user may still write to the disk of the library. */
export function freeBytes(library: string): number {
  const disk = statfsSync(library)
  return disk.bavail * disk.bsize
}

/** Makes the reserve, or what is missing of it, where the disk has room. What fails is tried again at the next start. */
export function makeReserve(library: string): void {
  const file = reserveOf(library)
  const has = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (has >= reserveBytes || freeBytes(library) < roomyBytes) return
  const descriptor = openSync(file, 'a')
  try {
    // Zeros take no room on disks that compress or leave holes.
    const noise = randomFillSync(Buffer.alloc(64 * 1024))
    for (let size = has; size < reserveBytes;) size += writeSync(descriptor, noise)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Gives a part of the reserve back to the disk. Whether there was any. */
export function giveUpReserve(library: string): boolean {
  const file = reserveOf(library)
  const has = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (has === 0) return false
  truncateSync(file, Math.max(0, has - portion))
  return true
}

/**
 * Gives up what a library can do without, so that something can be deleted from it though its disk is full: the reserve, else the oldest backup that was
 * made on its own, as long as a newer one is left. Says which; null where there is nothing of the kind.
 */
export function giveUpRoom(library: string): string | null {
  if (giveUpReserve(library)) return 'The disk is full: the library released a part of its reserve.'
  const backups = backupsIn(library)
  const oldest = backups.filter(({ reason }) => reason === 'scheduled' || reason === 'migration').at(-1)
  if (!oldest || oldest === backups[0]) return null
  removeBackup(library, oldest)
  return `The disk is full: the library’s oldest backup (${oldest.file}, ${formatBytes(oldest.bytes)}) was deleted to make room.`
}
