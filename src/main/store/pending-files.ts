import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Connection } from './connection'
import { isAlive, ownIdIn } from './process-lock'
import type { PendingFileRepository, RemovedFiles } from './store'

/** The name of a file that the command line writes beside `--out` until it is complete. */
const outputName = /\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.part$/

/**
 * Files that are being written or are to be removed. A file is listed here before it is begun, and until a row refers to it, in one transaction;
 * a deleted row lists its file here, also in one transaction. So whatever is killed, a later start knows which files to remove,
 * and removes none that this database does not know.
 */
export function pendingFileRepository(connection: Connection): PendingFileRepository {
  const { library } = connection
  const forget = (path: string): void => void connection.prepare('DELETE FROM pending_file WHERE path = ?').run(path)

  const isDone = (owner: string | null): boolean => owner === null || !isAlive(library, owner)

  /** Removes one listed file; null if it is not listed. */
  const remove = (path: string): RemovedFiles | null =>
    connection.remove(() => {
      const owner = connection
        .prepare<[string], string | null>('SELECT owner FROM pending_file WHERE path = ?')
        .pluck()
        .get(path)
      if (owner === undefined || !isDone(owner)) return null
      const named = connection
        .prepare<[string, string, string]>(
          `SELECT 1 FROM checkpoint WHERE path = ?
           UNION SELECT 1 FROM run_state WHERE path = ? OR json_extract(best, '$.path') = ?`,
        )
        .get(path, path, path)
      const removed = named ? nothing : isAbsolute(path) ? removeOutput(path) : removeStored(join(library, path))
      if (removed) forget(path)
      return removed
    })

  return {
    begin: (path) =>
      connection.write(() => {
        connection
          .prepare('INSERT OR REPLACE INTO pending_file (path, owner) VALUES (?, ?)')
          .run(path, ownIdIn(library))
      }),
    done: (path) => connection.write(() => forget(path)),
    discard: (path) =>
      connection.write(() => {
        connection.prepare('INSERT OR IGNORE INTO pending_file (path, owner) VALUES (?, NULL)').run(path)
      }),
    isNamed: (path) =>
      connection.prepare<[string]>('SELECT 1 FROM pending_file WHERE path = ?').get(path) !== undefined,
    removeLeft() {
      const all = connection
        .prepare<[], { path: string; owner: string | null }>('SELECT path, owner FROM pending_file')
        .all()
      let [files, bytes] = [0, 0]
      for (const { path, owner } of all) {
        const removed = isDone(owner) ? remove(path) : null
        files += removed?.files ?? 0
        bytes += removed?.bytes ?? 0
      }
      return { files, bytes }
    },
  }
}

const nothing: RemovedFiles = { files: 0, bytes: 0 }

/** Removes a file of the library and the temporary files of a killed writer (`<file>.<random>.part`, `<file>.<process>.tmp`). */
function removeStored(file: string): RemovedFiles {
  const folder = dirname(file)
  const names = existsSync(folder) ? readdirSync(folder) : []
  let [files, bytes] = [0, 0]
  for (const name of names) {
    const isTemporary = name.startsWith(`${basename(file)}.`) && /\.(part|tmp)$/.test(name)
    if (name !== basename(file) && !isTemporary) continue
    const path = join(folder, name)
    bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
    rmSync(path, { force: true })
    files++
  }
  return { files, bytes }
}

/** Removes an unfinished file of the command line outside of the library; null if its folder is missing, for example on a disk that is not plugged in. */
function removeOutput(path: string): RemovedFiles | null {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return existsSync(dirname(path)) ? nothing : null
  if (!found.isFile() || !outputName.test(path)) return nothing
  rmSync(path, { force: true })
  return { files: 1, bytes: found.size }
}
