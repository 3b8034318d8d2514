import zlib from 'node:zlib'
import type { FoundFile } from '../../shared/found-files'
import { knownExport, sortByHints } from '../../shared/known-exports'
import { objectOf, flattened } from './formats/json-values'
import { nameMatches, roleOfName, wordsOf } from './column-names'
import { interactionNames, nameInteractions, suggestItemMapping } from './suggest-mapping'
import { holdsNumber, type TableShape, tableShape } from './table-shape'

/** A file of an archive or a folder. */
export interface Candidate {
  readonly path: string
  readonly bytes: number
  /** Its first bytes. */
  readonly head: Buffer
}

type Taken = Pick<FoundFile, 'role' | 'certainty' | 'reason' | 'join'>

interface Columns {
  readonly names: readonly string[]
  /** Whether the names come from the file. */
  readonly named: boolean
}

const textTable = /\.(csv|tsv|txt|dat|data|psv|tab|json|jsonl|ndjson|item|user)$/i
/** Formats of tables whose first bytes do not show the columns. */
const otherTable = /\.(parquet|pq|xlsx|xlsm|db|sqlite|sqlite3|zip)$/i
const packed = /\.(gz|gzip|zst|zstd)$/i
/** Endings of text that is not a table, whatever its lines look like. */
const noTable =
  /\.(md|rst|html?|xml|svg|css|ya?ml|toml|ini|cfg|sh|bat|pyw?|ipynb|r|rmd|jsx?|mjs|tsx?|sql|c|h|cc|cpp|java|bib|tex)$/i
/** In a file with an unknown ending, at least this share of the lines must have the same number of cells to be a table. */
const mostAgree = 0.9
const documentation = /(^|\/)(readme|licen[cs]e|changelog|copying)[^/]*$/i
/** Limit for unpacking the head of a compressed file, which may expand a thousandfold. */
const maxOutputLength = 64 * 1024 * 1024

/** The beginning of a file's text without an incomplete last line. */
function firstLines({ path, bytes, head }: Candidate): string[] {
  const whole = head.length >= bytes
  const isPacked = packed.test(path)
  const text = textOf(isPacked ? unpackedBeginning(head) : head)
  const lines = text.split(/\r\n|\r|\n/)
  if ((isPacked || !whole) && lines.length > 1) lines.pop()
  return lines
}

function textOf(head: Buffer): string {
  const wide = head[0] === 0xff && head[1] === 0xfe
  return head.toString(wide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '')
}

/** The unpacked beginning of a gzip or Zstandard file; empty if it is damaged, which reading the whole file will report. */
function unpackedBeginning(head: Buffer): Buffer {
  try {
    return head[0] === 0x1f
      ? zlib.gunzipSync(head, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength })
      : zlib.zstdDecompressSync(head, { finishFlush: zlib.constants.ZSTD_e_flush, maxOutputLength })
  } catch {
    return Buffer.alloc(0)
  }
}

/** Whether text with these first lines is a table although the file's ending does not show it. */
function looksLikeTable(lines: readonly string[], shape: TableShape): boolean {
  if (lines.some((line) => /[\0\ufffd]/.test(line))) return false
  return shape.filled > 1 && shape.skip === 0 && shape.agreeing >= mostAgree * shape.filled
}

/** The columns of a text table or of JSON objects, from the first lines; null if it is neither. */
function columnsOf(file: Candidate): Columns | null {
  const path = file.path.replace(packed, '')
  if ([otherTable, noTable, documentation].some((other) => other.test(path))) return null
  const lines = firstLines(file)
  const object = objectOf(lines[0] ?? '')
  if (object) return { names: [...flattened(object.object).keys()], named: true }
  const shape = tableShape(lines)
  if (!shape || !(textTable.test(path) || looksLikeTable(lines, shape))) return null
  return holdsNumber(shape.first)
    ? { names: shape.first.map((_, column) => `column ${column + 1}`), named: false }
    : { names: shape.first, named: true }
}

const asColumns = (names: readonly string[]): { name: string }[] => names.map((name) => ({ name }))

const listed = (names: readonly string[]): string => names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '')

/** Gives files with the named columns of the ratings the same role: the same program may have written the ratings in several files. */
function addFilesLike(
  ratings: string | undefined,
  roles: Map<string, Taken>,
  columns: ReadonlyMap<string, Columns | null>,
): void {
  const wanted = ratings === undefined ? null : columns.get(ratings)
  if (!ratings || !wanted?.named) return
  for (const [path, read] of columns)
    if (!roles.has(path) && read?.named && read.names.join('\0') === wanted.names.join('\0'))
      roles.set(path, {
        role: 'ratings',
        certainty: 'guess',
        reason: `It has the columns of ${ratings}: ${listed(read.names)}.`,
      })
}

/**
 * Sorts several files into ratings, items and neither, each with the reason. Well-known exports are recognised
 * by their names and others by their columns: files with the same columns have the same role, and files without a user and an item column do not contain
 * interactions. If columns are inconclusive, names decide, which is a guess.
 */
export function sortFiles(files: readonly Candidate[]): FoundFile[] {
  const found = (roles: ReadonlyMap<string, Taken>, otherwise: Omit<Taken, 'role'>): FoundFile[] =>
    files.map(({ path, bytes }) => ({ path, bytes, ...(roles.get(path) ?? { role: 'left out', ...otherwise }) }))
  if (files.length === 1) {
    const only = { role: 'ratings', certainty: 'certain', reason: 'It is the only file.' } as const
    return found(new Map(files.map(({ path }) => [path, only])), only)
  }
  const columns = new Map(files.map((file) => [file.path, columnsOf(file)]))
  const known = knownExport(files.map(({ path }) => path))
  if (known) {
    const reason = 'It has the name of a well-known export.'
    const roles = new Map<string, Taken>(
      known.ratings.map((path) => [path, { role: 'ratings', certainty: 'likely', reason }]),
    )
    if (known.items !== null) roles.set(known.items, { role: 'items', certainty: 'likely', reason })
    addFilesLike(known.ratings[0], roles, columns)
    const own = columns.get(known.ratings[0] ?? '')
    const items = known.items === null && own?.named ? detailsFor(own.names, files, roles, columns) : null
    if (items) roles.set(...items)
    return found(roles, {
      certainty: 'likely',
      reason: 'It is not needed in addition to the ratings of this well-known export.',
    })
  }
  const namesOf = (path: string): readonly string[] => columns.get(path)?.names ?? []
  const groups = new Map<string, Candidate[]>()
  for (const file of files) {
    const read = columns.get(file.path)
    if (!read?.named || !nameInteractions(read.names)) continue
    // Columns may be in another order, and there may be others: each file is read by column names.
    const key = interactionNames(read.names).join('\0')
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  const bytesOf = (group: readonly Candidate[]): number => group.reduce((sum, { bytes }) => sum + bytes, 0)
  const [ratings, ...others] = [...groups.values()].sort((a, b) => bytesOf(b) - bytesOf(a))
  if (!ratings) {
    const apart = usersAndItemsApart(files, columns)
    if (apart) return found(apart, { certainty: 'likely', reason: 'It does not have both users and items.' })
    return byNames(files, found, columns)
  }
  const roles = new Map<string, Taken>()
  const names = namesOf(ratings[0]?.path ?? '')
  for (const { path } of ratings) {
    const own = namesOf(path)
    const isSame = own.length === names.length && own.every((name) => names.includes(name))
    roles.set(path, {
      role: 'ratings',
      certainty: isSame ? 'likely' : 'guess',
      reason: `It has columns of users and items: ${listed(own)}${isSame ? '' : `, and others than ${ratings[0]?.path ?? ''}`}.`,
    })
  }
  for (const { path } of others.flat())
    roles.set(path, {
      role: 'left out',
      certainty: 'guess',
      reason: `It also has users and items, but other columns than the ratings: ${listed(namesOf(path))}.`,
    })
  const items = detailsFor(names, files, roles, columns)
  if (items) roles.set(...items)
  for (const { path } of files) {
    if (roles.has(path)) continue
    if (columns.get(path))
      roles.set(path, {
        role: 'left out',
        certainty: 'likely',
        reason: `It has no column of ${namesOf(path).some((name) => roleOfName(name)?.role === 'user') ? 'items' : 'users'}: ${listed(namesOf(path))}.`,
      })
    else if (otherTable.test(path.replace(packed, '')))
      roles.set(path, {
        role: 'left out',
        certainty: 'guess',
        reason: 'Its first bytes do not show its content, and other files have users and items.',
      })
  }
  return found(roles, { certainty: 'certain', reason: 'It is not a table.' })
}

/** The file that tells of the items of ratings with these columns, with its reason; one with the ratings' own item column first. */
function detailsFor(
  ratings: readonly string[],
  files: readonly Candidate[],
  taken: ReadonlyMap<string, Taken>,
  columns: ReadonlyMap<string, Columns | null>,
): [path: string, taken: Taken] | null {
  const itemColumn = suggestItemMapping(asColumns(ratings), true)?.item
  const [items] = files
    .filter(({ path }) => !taken.has(path))
    .flatMap(({ path }) => {
      const read = columns.get(path)
      const item = read?.named ? suggestItemMapping(asColumns(read.names), true) : null
      return read && item ? [{ path, read, item, joins: item.item === itemColumn }] : []
    })
    .sort((a, b) => Number(b.joins) - Number(a.joins) || Number(b.item.title !== null) - Number(a.item.title !== null))
  if (!items) return null
  const reason = `It has the items’ column “${items.item.item}” and no users: ${listed(items.read.names)}.`
  return [items.path, { role: 'items', certainty: 'likely', reason }]
}

/**
 * Detects order lines and orders in separate files: no file has users and items, but some have items, another has users, and a column that identifies
 * something else is in both. Null if there are none.
 */
function usersAndItemsApart(
  files: readonly Candidate[],
  columns: ReadonlyMap<string, Columns | null>,
): ReadonlyMap<string, Taken> | null {
  const tables = files.flatMap(({ path }) => {
    const read = columns.get(path)
    if (!read?.named) return []
    const having = (role: string): string | null =>
      read.names.find((name) => nameMatches(name).some((match) => match.role === role && match.whole && match.id)) ??
      null
    return [{ path, names: read.names, user: having('user'), item: having('item') }]
  })
  for (const users of tables) {
    if (users.user === null) continue
    for (const by of users.names.filter(identifiesSale)) {
      const lines = tables.filter(({ item, names }) => item !== null && names.includes(by))
      const [first] = lines
      if (!first) continue
      const taken = (reason: string, file: string): Taken => ({
        role: 'left out',
        certainty: 'guess',
        reason,
        join: { file, by },
      })
      return new Map([
        ...lines.map(({ path, item }): [string, Taken] => [
          path,
          taken(
            `It has items (${item}) but no users; ${users.path} has them (${users.user}), and “${by}” is in both.`,
            users.path,
          ),
        ]),
        [
          users.path,
          taken(
            `It has users (${users.user}) but no items; ${first.path} has them (${first.item}), and “${by}” is in both.`,
            first.path,
          ),
        ],
      ])
    }
  }
  return null
}

/** Words for orders, receipts and the like, which connect users with items. */
const sale =
  /^(order|basket|cart|transaction|trans|receipt|bill|ticket|purchase|checkout|sale|trip|objednavk|uctenk|kosik|bestell|auftrag|bon|warenkorb|beleg|commande|panier|pedido|compra|ordin|acquist|scontrino|zamowieni|paragon|заказ|чек)/

/** Whether a column's name is that of an order id: `order_id`, `basketNumber`, `transaction`. */
const identifiesSale = (name: string): boolean => roleOfName(name) === null && sale.test(wordsOf(name).join(''))

function byNames(
  files: readonly Candidate[],
  found: (roles: ReadonlyMap<string, Taken>, otherwise: Omit<Taken, 'role'>) => FoundFile[],
  columns: ReadonlyMap<string, Columns | null>,
): FoundFile[] {
  const sorted = sortByHints(
    files.map(({ path }) => path),
    (path) => Boolean(columns.get(path)),
  )
  const taken = {
    certainty: 'guess',
    reason: 'It was recognised by its name, since its columns do not show what it contains.',
  } as const
  const roles = new Map<string, Taken>(sorted.ratings.map((path) => [path, { role: 'ratings', ...taken }]))
  if (sorted.items !== null) roles.set(sorted.items, { role: 'items', ...taken })
  addFilesLike(sorted.ratings[0], roles, columns)
  return found(roles, {
    certainty: 'guess',
    reason: 'Neither its columns nor its name show ratings or items.',
  })
}
