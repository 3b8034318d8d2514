import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, link, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { badInput, notFound, StudioError } from '../../shared/errors'
import { asUsersFile } from '../jobs/private-files'
import type { Session } from './session'

/** An output file. */
export interface OutputFile {
  readonly path: string
  /** Whether it replaces an older file of its name; otherwise a file that another program makes meanwhile is kept, too. */
  readonly replaces: boolean
}

/**
 * Checks, before the work begins, that `file` can be written: its folder exists, it is not a folder, and it does not exist yet (or `force`).
 * Returns it with its absolute path. Throws NOT_FOUND, BAD_INPUT, CONFLICT or NO_PERMISSION.
 */
export async function checkOutput(file: string, force: boolean): Promise<OutputFile> {
  const path = resolve(file)
  const folder = dirname(path)
  const [folderState, fileState] = await Promise.all([stateOf(folder), stateOf(path)])
  if (!folderState?.isDirectory()) {
    throw notFound(`The folder ${folder} does not exist.`, 'Create it, or choose another folder.')
  }
  if (fileState?.isDirectory()) {
    throw badInput(`${path} is a folder.`, 'Give the name of a file in it.')
  }
  if (fileState && !force) throw alreadyThere(path)
  await access(folder, constants.W_OK)
  return { path, replaces: force }
}

const alreadyThere = (path: string, options?: ErrorOptions): StudioError =>
  new StudioError(
    {
      code: 'CONFLICT',
      message: `${path} already exists.`,
      next: 'Choose another name, or replace it with --force.',
    },
    options,
  )

/** Copies a finished file to `target` in one step, seen from outside. Throws CONFLICT if it exists by then and must not be replaced. */
export const copyTo = (session: Session, source: string, target: OutputFile): Promise<void> =>
  create(session, target, (temporary) => copyFile(source, temporary, constants.COPYFILE_FICLONE))

/** Writes `content`, whole or in pieces, to `target` in one step, seen from outside. Throws CONFLICT if it exists by then and must not be replaced. */
export const writeTo = (
  session: Session,
  content: string | AsyncIterable<string | Uint8Array>,
  target: OutputFile,
): Promise<void> => create(session, target, (temporary) => writeFile(temporary, content))

/** The library remembers the temporary file until it is removed, so that its next start removes it if this process is killed. */
async function create(
  { engine }: Session,
  { path, replaces }: OutputFile,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`
  const written = engine.beginOutput(temporary)
  try {
    await write(temporary)
    await asUsersFile(temporary)
    await (replaces ? rename(temporary, path) : nameNew(temporary, path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    written()
  }
}

/** Renames a file to a name that must be free: a plain rename would replace a file that another program has made meanwhile. */
async function nameNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
    await rm(temporary)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') throw alreadyThere(path, { cause: error })
    if (!withoutLinks.has(code)) throw error
    await takeName(path)
    try {
      await rename(temporary, path)
    } catch (refused) {
      await rm(path, { force: true })
      throw refused
    }
  }
}

/** The error codes of file systems without links, such as FAT; there, an empty file first takes the name. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

async function takeName(path: string): Promise<void> {
  try {
    await (await open(path, 'wx')).close()
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? alreadyThere(path, { cause: error }) : error
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

async function stateOf(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null
    throw error
  }
}
