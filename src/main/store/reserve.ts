import { randomFillSync } from 'node:crypto'
import { closeSync, openSync, statfsSync, statSync, truncateSync, writeSync } from 'node:fs'
import { formatBytes } from '../../shared/format'
import { reserveOf } from './library-folder'
import { backupsIn, removeBackup } from './maintenance/backup-files'

/**
 * On a completely full disk SQLite can neither open a library nor delete from it, because both need space for its log and the log's index. A library
 * therefore has a file whose only use is to be deleted then.
 */
const reserveBytes = 8 * 1024 ** 2
/** The size of one release: other programs may fill the disk again at once, and the next deletion needs space, too. */
const portion = 1024 ** 2
/** A reserve is only made if this much stays free: it must not fill the disk itself. */
const roomyBytes = 64 * 1024 ** 2

/** The bytes that this user may still write to the disk of the library. */
export function freeBytes(library: string): number {
  const disk = statfsSync(library)
  return disk.bavail * disk.bsize
}

/** Makes the reserve, or the missing rest of it, if the disk has space. If it fails, the next start tries again. */
export function makeReserve(library: string): void {
  const file = reserveOf(library)
  const has = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (has >= reserveBytes || freeBytes(library) < roomyBytes) return
  const descriptor = openSync(file, 'a')
  try {
    // Zeros use no space on disks that compress or leave holes.
    const noise = randomFillSync(Buffer.alloc(64 * 1024))
    for (let size = has; size < reserveBytes;) size += writeSync(descriptor, noise)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Returns some of the reserve to the disk. Returns whether there was any. */
export function giveUpReserve(library: string): boolean {
  const file = reserveOf(library)
  const has = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (has === 0) return false
  truncateSync(file, Math.max(0, has - portion))
  return true
}

/**
 * Releases files that a library can do without, so that rows can be deleted although its disk is full: the reserve, or else the oldest automatic
 * backup, as long as a newer one is left. Returns a sentence about it; null if there is no such file.
 */
export function giveUpRoom(library: string): string | null {
  if (giveUpReserve(library)) return 'The disk is full: the library released a part of its reserve.'
  const backups = backupsIn(library)
  const oldest = backups.filter(({ reason }) => reason === 'scheduled' || reason === 'migration').at(-1)
  if (!oldest || oldest === backups[0]) return null
  removeBackup(library, oldest)
  return `The disk is full: the library’s oldest backup (${oldest.file}, ${formatBytes(oldest.bytes)}) was deleted to make room.`
}
