import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { badInput } from '../../shared/errors'
import type { ImportPreview } from '../../shared/datasets'
import {
  type FileRole,
  type FoundFile,
  headBytes,
  inOrder,
  listed,
  mostFiles,
  noRatings,
  withoutItems,
  withRoles,
} from '../../shared/found-files'
import { enumerated } from '../../shared/format'
import { controlOptions, itemsControls, type ReadingOverrides } from '../../shared/reading'
import type { Session } from './session'

/** The files of an import, by their paths on this machine. */
export interface ImportFiles {
  readonly ratings: readonly string[]
  readonly items: string | null
  /** Files whose columns are added to the rows of the ratings. */
  readonly joined: readonly string[]
  /** The role of each file of the folders. */
  readonly found: readonly FoundFile[]
}

type Roles = Readonly<Record<string, FileRole>>

/**
 * The given files; of a folder, those with ratings and items, or those that are joined to the ratings. Among files that are given one by one, too, one
 * may describe the items: `vasp import *.csv`.
 * @param said.items a given file of items, which replaces those of a folder
 * @param said.roles given roles of a folder's files, by path within it
 * @throws StudioError BAD_INPUT for a folder without ratings, or with too many files
 */
export async function filesOf(
  client: Session['client'],
  named: readonly string[],
  said: { readonly items: string | undefined; readonly roles: Roles | undefined },
): Promise<ImportFiles> {
  const ratings: string[] = []
  const joined: string[] = []
  const found: FoundFile[] = []
  let items = said.items ?? null
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  const together = await sortNamed(
    client,
    named.filter((path) => !isFolder(path)),
    said,
  )
  for (const path of named) {
    if (!isFolder(path)) {
      const own = together.get(path)
      if (own) found.push(own)
      if (own?.role === 'items') items = path
      else if (own?.role === 'joined') joined.push(path)
      else if (own?.role !== 'left out') ratings.push(path)
      continue
    }
    const inFolder = await sortFolder(client, path, said.roles)
    const sorted = items === null ? inFolder : inFolder.map(withoutItems)
    const of = (role: FileRole): string[] =>
      sorted.filter((file) => file.role === role).map((file) => join(path, file.path))
    const ofFolder = of('ratings')
    if (ofFolder.length === 0) {
      const { message, next } = noRatings(
        `The folder ${path}`,
        sorted,
        'Give the files themselves, or say which of them has the ratings: --file-role PATH=ratings.',
      )
      throw badInput(message, next)
    }
    ratings.push(...ofFolder)
    joined.push(...of('joined'))
    items ??= of('items')[0] ?? null
    found.push(...sorted)
  }
  return { ratings, items, joined, found }
}

/**
 * The roles of files that were given one by one, if one of them describes items or users or is joined to others, or a role was said; else none: all have ratings.
 * None is left out unless a person says so, or it only describes users.
 */
async function sortNamed(
  client: Session['client'],
  paths: readonly string[],
  said: { readonly items: string | undefined; readonly roles: Roles | undefined },
): Promise<ReadonlyMap<string, FoundFile>> {
  if (paths.length < 2 || paths.length > mostFiles || !paths.every((path) => existsSync(path))) return new Map()
  const names = paths.map((path) => basename(path))
  const called = new Set(names).size === names.length ? names : paths
  const files = await sortPaths(
    client,
    paths.map((path, at) => ({ path: called[at] ?? path, at: path })),
    said.roles,
  )
  const own = said.items === undefined ? files : files.map(withoutItems)
  const isSaid = ({ path }: FoundFile): boolean => said.roles?.[path] !== undefined
  // A guess among ratings is a file whose rows may mean something else, such as returns beside purchases.
  const isOther = ({ role, certainty, describesUsers }: FoundFile): boolean =>
    role === 'items' || role === 'joined' || describesUsers === true || (role === 'ratings' && certainty === 'guess')
  if (!own.some((file) => isOther(file) || isSaid(file))) return new Map()
  return new Map(
    own.map((file, at) => [
      paths[at] ?? file.path,
      file.role === 'left out' && !isSaid(file) && file.describesUsers !== true
        ? { ...file, role: 'ratings', certainty: 'certain', reason: 'It was given by its name.' }
        : file,
    ]),
  )
}

const sortPaths = async (
  client: Session['client'],
  /** Each with the path by which it is called, and where it is. */
  paths: readonly { readonly path: string; readonly at: string }[],
  roles: Roles | undefined,
): Promise<FoundFile[]> => {
  const wanted = headBytes(paths.length)
  const files = paths.map(({ path, at }) => ({ path, ...beginning(at, wanted) }))
  return withRoles(await client.datasets.sortFiles({ files }), roles)
}

async function sortFolder(client: Session['client'], folder: string, roles: Roles | undefined): Promise<FoundFile[]> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)\./.test(path))
    .sort(inOrder)
  if (paths.length === 0) throw badInput(`The folder ${folder} has no files.`, 'Give the folder of the export.')
  if (paths.length > mostFiles)
    throw badInput(
      `The folder ${folder} has ${paths.length} files, but at most ${mostFiles} are possible.`,
      'Give the files themselves.',
    )
  return sortPaths(
    client,
    paths.map((path) => ({ path, at: join(folder, path) })),
    roles,
  )
}

/** Size and first bytes of a file. */
function beginning(path: string, wanted: number): { bytes: number; head: string } {
  const head = Buffer.alloc(wanted)
  const descriptor = openSync(path, 'r')
  try {
    return {
      bytes: statSync(path).size,
      head: head.subarray(0, readSync(descriptor, head, 0, wanted, 0)).toString('base64'),
    }
  } finally {
    closeSync(descriptor)
  }
}

/** @throws StudioError BAD_INPUT if a role was given to a file that is in no archive or folder. */
export function refuseUnknownRoles(roles: Roles | undefined, files: readonly FoundFile[]): void {
  const unknown = Object.keys(roles ?? {}).find((path) => files.every((file) => file.path !== path))
  if (unknown === undefined) return
  throw badInput(
    `--file-role gives ${unknown}, which is not among the files.`,
    files.length === 0
      ? 'Leave it out: it is only for archives, folders and several files.'
      : `They have ${listed(files)}.`,
  )
}

/** @throws StudioError BAD_INPUT if options describe the file of items, and there is none. */
export function refuseNeedlessItems({ items: said }: ReadingOverrides, { ratings, items }: ImportPreview): void {
  if (said === undefined || items !== null) return
  const options = [...new Set(Object.values(itemsControls).flatMap((control) => controlOptions[control]))]
  throw badInput(
    `Options for the items file are given, but there is no items file with ${ratings.name}.`,
    `Give it with --items FILE, or leave out ${enumerated(options)}.`,
  )
}
