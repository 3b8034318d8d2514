import { knownExport, sortByHints } from '../../shared/known-exports'
import type { FileRole, FoundFile } from '../../shared/found-files'
import { objectOf, flattened } from './formats/json-values'
import { nameInteractions, suggestItemMapping } from './suggest-mapping'
import { holdsNumber, tableShape } from './table-shape'

/** As much of a file as tells what its columns are. */
export const headBytes = 64 * 1024

/** A file of an archive or a folder. */
export interface Candidate {
  readonly path: string
  readonly bytes: number
  /** Its first bytes, up to `headBytes`. */
  readonly head: Buffer
}

type Taken = Pick<FoundFile, 'role' | 'reason'>

interface Columns {
  readonly names: readonly string[]
  /** Whether the file names them. */
  readonly named: boolean
}

const tableLike = /\.(csv|tsv|txt|dat|data|psv|tab|json|jsonl|ndjson|item|user)$/i
const documentation = /(^|\/)(readme|licen[cs]e|changelog|copying)[^/]*$/i

/** The columns of a text table or of JSON objects by its first lines; null where there is none. */
function columnsOf({ path, head }: Candidate): Columns | null {
  if (!tableLike.test(path) || documentation.test(path)) return null
  const lines = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
  if (head.length === headBytes && lines.length > 1) lines.pop()
  const object = objectOf(lines[0] ?? '')
  if (object) return { names: [...flattened(object.object).keys()], named: true }
  const shape = tableShape(lines)
  if (!shape) return null
  return holdsNumber(shape.first)
    ? { names: shape.first.map((_, column) => `column ${column + 1}`), named: false }
    : { names: shape.first, named: true }
}

const named = (names: readonly string[]): { name: string }[] => names.map((name) => ({ name }))

const listed = (names: readonly string[]): string => names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '')

/**
 * What each of several files holds: ratings, what is known of the items, or neither, each with the reason. Exports that people share are known
 * by their names; others by their columns: files with the same columns are of one kind, and what has no user and item column is no list of
 * interactions. Where columns do not tell, names do.
 */
export function sortFiles(files: readonly Candidate[]): FoundFile[] {
  const found = (roles: ReadonlyMap<string, Taken>, otherwise: string): FoundFile[] =>
    files.map(({ path, bytes }) => ({ path, bytes, ...(roles.get(path) ?? { role: 'left out', reason: otherwise }) }))
  const paths = files.map(({ path }) => path)
  const known = knownExport(paths)
  if (known) {
    const reason = 'Its name is that of a well-known export.'
    const roles = new Map<string, Taken>(known.ratings.map((path) => [path, { role: 'ratings', reason }]))
    if (known.items !== null) roles.set(known.items, { role: 'items', reason })
    return found(roles, 'It is not needed beside the ratings of this export.')
  }
  const columns = new Map(files.map((file) => [file.path, columnsOf(file)]))
  const groups = new Map<string, Candidate[]>()
  for (const file of files) {
    const read = columns.get(file.path)
    if (!read?.named || !nameInteractions(read.names)) continue
    const key = read.names.join('\0')
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  const bytesOf = (group: readonly Candidate[]): number => group.reduce((sum, { bytes }) => sum + bytes, 0)
  const [ratings, ...others] = [...groups.values()].sort((a, b) => bytesOf(b) - bytesOf(a))
  if (!ratings) return byNames(files, found)
  const roles = new Map<string, Taken>()
  const names = columns.get(ratings[0]?.path ?? '')?.names ?? []
  for (const { path } of ratings)
    roles.set(path, { role: 'ratings', reason: `It has columns of users and items: ${listed(names)}.` })
  for (const { path } of others.flat())
    roles.set(path, {
      role: 'left out',
      reason: `It has users and items, too, but other columns than the ratings: ${listed(columns.get(path)?.names ?? [])}.`,
    })
  const itemColumn = suggestItemMapping(named(names), true)?.item
  const details = files
    .filter(({ path }) => !roles.has(path))
    .flatMap((file) => {
      const read = columns.get(file.path)
      const item = read?.named ? suggestItemMapping(named(read.names), true) : null
      return read && item ? [{ file, read, item, joins: item.item === itemColumn }] : []
    })
    .sort((a, b) => Number(b.joins) - Number(a.joins) || Number(b.item.title !== null) - Number(a.item.title !== null))
  const [items] = details
  if (items)
    roles.set(items.file.path, {
      role: 'items',
      reason: `It has the items’ column “${items.item.item}” and no users: ${listed(items.read.names)}.`,
    })
  for (const { path } of files) {
    const read = columns.get(path)
    if (!roles.has(path) && read)
      roles.set(path, { role: 'left out', reason: `It has no column of users: ${listed(read.names)}.` })
  }
  return found(roles, 'It is no table.')
}

function byNames(
  files: readonly Candidate[],
  found: (roles: ReadonlyMap<string, Taken>, otherwise: string) => FoundFile[],
): FoundFile[] {
  const sorted = sortByHints(files.map(({ path }) => path))
  const reason = 'Its columns do not tell; its name does.'
  const roles = new Map<string, Taken>(sorted.ratings.map((path) => [path, { role: 'ratings', reason }]))
  if (sorted.items !== null) roles.set(sorted.items, { role: 'items', reason })
  return found(roles, 'Neither its columns nor its name tell that it holds ratings or items.')
}

/** The same files with the roles that a person gives them, by path. */
export const withRoles = (files: readonly FoundFile[], roles: Readonly<Record<string, FileRole>>): FoundFile[] =>
  files.map((file) => {
    const role = roles[file.path]
    return role === undefined || role === file.role ? file : { ...file, role, reason: 'Chosen.' }
  })
