import { closeSync, openSync, statSync } from 'node:fs'
import { badInput, StudioError } from '../../shared/errors'

/** A file to import: where it lies, and the name its owner knows it by. It is only ever read. */
export interface NamedFile {
  readonly path: string
  readonly name: string
}

/** What tells that a file was exchanged or written to. */
export interface FileState {
  readonly bytes: number
  readonly modified: number
  readonly inode: number
}

/** @throws StudioError NOT_FOUND, NO_PERMISSION or BAD_INPUT (a folder, an empty file), naming the file. */
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
        message: `The file ${file.name} may not be read by this user.`,
        next: 'Change its permissions or copy it to a place that you can read, then try again.',
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

/** @throws StudioError CONFLICT where the file is no longer as `before` says. */
export function checkUnchanged(file: NamedFile, before: FileState): void {
  const now = stateOf(file)
  if (now?.bytes === before.bytes && now.modified === before.modified && now.inode === before.inode) return
  throw new StudioError({
    code: 'CONFLICT',
    message: `The file ${file.name} was ${now ? 'changed' : 'removed'} while it was being imported; nothing was imported.`,
    next: now ? 'Wait until nothing writes to it, then import it again.' : 'Put it back, then import it again.',
  })
}
