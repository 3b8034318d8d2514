import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { badInput, notFound, StudioError } from '../../shared/errors'
import { asUsersFile } from '../jobs/private-files'
import type { Session } from './session'

/**
 * Checks, before any work is done for it, that `file` can be written: its folder exists, it is no folder itself, and it does not exist yet (or `force`).
 * Returns the absolute path. Throws NOT_FOUND, BAD_INPUT, CONFLICT or NO_PERMISSION.
 */
export async function checkOutput(file: string, force: boolean): Promise<string> {
  const path = resolve(file)
  const folder = dirname(path)
  const [folderState, fileState] = await Promise.all([stateOf(folder), stateOf(path)])
  if (!folderState?.isDirectory()) {
    throw notFound(`The folder ${folder} does not exist.`, 'Create it, or choose another place with --out.')
  }
  if (fileState?.isDirectory()) {
    throw badInput(`${path} is a folder.`, 'Name a file, as in --out recommendations.csv.')
  }
  if (fileState && !force) {
    throw new StudioError({
      code: 'CONFLICT',
      message: `${path} already exists.`,
      next: 'Choose another name with --out, or replace it with --force.',
    })
  }
  await access(folder, constants.W_OK)
  return path
}

/** Copies a finished file to `target` in one step, seen from outside. */
export const copyTo = (session: Session, source: string, target: string): Promise<void> =>
  replace(session, target, (temporary) => copyFile(source, temporary, constants.COPYFILE_FICLONE))

/** Writes `text`, whole or in pieces, to `target` in one step, seen from outside. */
export const writeTo = (session: Session, text: string | AsyncIterable<string>, target: string): Promise<void> =>
  replace(session, target, (temporary) => writeFile(temporary, text))

/** The library remembers the temporary file until it is gone, so that the next start removes it where this process is killed. */
async function replace(
  { engine }: Session,
  target: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${target}.${randomUUID()}.part`
  const written = engine.beginOutput(temporary)
  try {
    await write(temporary)
    await asUsersFile(temporary)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    written()
  }
}

async function stateOf(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}
