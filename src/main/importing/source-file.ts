import { closeSync, openSync, statSync } from 'node:fs'
import { badInput, StudioError } from '../../shared/errors'

/** A file to import: its path, and the name that the user knows. It is only read. */
export interface NamedFile {
  readonly path: string
  readonly name: string
  /** For a file of an archive: its path within it, by which it gets its role. */
  readonly inside?: string
}

/** Properties that show whether a file was replaced or written to. */
export interface FileState {
  readonly bytes: number
  readonly modified: number
  readonly inode: number
}

/** @throws StudioError NOT_FOUND, NO_PERMISSION or BAD_INPUT (a folder, an empty file) with the file's name. */
export function inspectFile(file: NamedFile): FileState {
  const state = stateOf(file)
  if (!state)
    throw new StudioError({
      code: 'NOT_FOUND',
      message: `The file ${file.name} does not exist (${file.path}).`,
      next: 'Check its name and folder, then try again.',
    })
  try {
    closeSync(openSync(file.path, 'r'))
  } catch (error) {
    throw new StudioError(
      {
        code: 'NO_PERMISSION',
        message: `You are not allowed to read the file ${file.name}.`,
        next: 'Change its permissions or copy it to a folder that you can read, then try again.',
      },
      { cause: error },
    )
  }
  if (state.bytes === 0) throw badInput(`The file ${file.name} is empty.`, 'Export it again, or choose another file.')
  return state
}

function stateOf(file: NamedFile): FileState | null {
  const stats = statSync(file.path, { throwIfNoEntry: false })
  if (!stats) return null
  if (!stats.isFile()) throw badInput(`${file.name} is not a file.`, 'Choose a file with one rating per line.')
  return { bytes: stats.size, modified: stats.mtimeMs, inode: stats.ino }
}

/** @throws StudioError CONFLICT if the file has changed since `before`. */
export function checkUnchanged(file: NamedFile, before: FileState): void {
  const now = stateOf(file)
  if (now?.bytes === before.bytes && now.modified === before.modified && now.inode === before.inode) return
  throw new StudioError({
    code: 'CONFLICT',
    message: `The file ${file.name} was ${now ? 'changed' : 'removed'} during the import, so nothing was imported.`,
    next: now ? 'Wait until no program writes to it, then import it again.' : 'Restore it, then import it again.',
  })
}
