import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
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
 * The given files; of a folder, those with ratings and items, or those that are joined to the ratings.
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
  for (const path of named) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      ratings.push(path)
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
  const wanted = headBytes(paths.length)
  const files = paths.map((path) => ({ path, ...beginning(join(folder, path), wanted) }))
  return withRoles(await client.datasets.sortFiles({ files }), roles)
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
    `--file-role gives ${unknown}, which is not in any archive or folder among the files.`,
    files.length === 0 ? 'Leave it out: it is only for archives and folders.' : `They have ${listed(files)}.`,
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
