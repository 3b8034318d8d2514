import { existsSync, linkSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { databaseOf } from '../library-folder'
import { syncToDisk } from './backup-files'

/** A new dated folder of the library for removed files. Nothing is deleted or overwritten on the way. */
export function newAside(library: string, why: 'restore' | 'repair' | 'new'): string {
  for (let moment = new Date(); ; moment = new Date(moment.getTime() + 1)) {
    const folder = join(library, 'set-aside', `${moment.toISOString().replaceAll(/[:.]/g, '-')}-${why}`)
    if (existsSync(folder)) continue
    mkdirSync(folder, { recursive: true })
    return folder
  }
}

/** Moves a file of the library, given by its relative path, to the same relative path in the folder. */
export function setAside(library: string, folder: string, path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  renameSync(join(library, path), join(folder, path))
}

/**
 * Replaces the library's database with `replacement` and keeps the old one in `folder`. At every moment library.db is either of the two, intact: the old
 * log is moved first, so that it is never applied to the new file. No process may have the library open.
 */
export function swapDatabase(library: string, folder: string, replacement: string): void {
  const file = databaseOf(library)
  syncToDisk(replacement)
  for (const end of ['-wal', '-shm'])
    if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, join(folder, `library.db${end}`))
  if (existsSync(file)) linkSync(file, join(folder, 'library.db'))
  renameSync(replacement, file)
  syncToDisk(library)
}
