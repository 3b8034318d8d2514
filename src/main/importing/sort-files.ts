import type { FoundFile } from '../../shared/found-files'
import { isKnownExport, knownExport, sortByHints } from '../../shared/known-exports'
import type { Reference } from '../store/foreign-database'
import { roleOfName, saysMaker } from './column-names'
import { nameDifferentDeeds } from './event-words'
import { describedIds, type RatingsTable, ratingsByIds, type SeenTable } from './described-ids'
import { type Candidate, type Columns, columnsOf, isOtherTable, isProse, isWhole } from './file-heads'
import { distinctRows, RelatedRows } from './formats/related-rows'
import { RelatedTables, tableName } from './formats/related-tables'
import { type Catalogue, itemCatalogue, type TableHead } from './item-catalogue'
import { interactionNames, nameInteractions, suggestItemMapping } from './suggest-mapping'

type Taken = Pick<FoundFile, 'role' | 'certainty' | 'reason'>

const noTableAtAll = { role: 'left out', certainty: 'certain', reason: 'It is not a table.' } as const

const asColumns = (names: readonly string[]): { name: string }[] => names.map((name) => ({ name }))

const listed = (names: readonly string[]): string => names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '')

/** Whether two files name the same columns, in any order. */
function haveSameColumns(one: Columns | null | undefined, other: Columns | null | undefined): boolean {
  if (!one?.named || !other?.named) return false
  return [...one.names].sort().join('\0') === [...other.names].sort().join('\0')
}

/** Gives files with the named columns of the ratings the same role: the same program may have written the ratings in several files. */
function addFilesLike(
  ratings: string | undefined,
  roles: Map<string, Taken>,
  columns: ReadonlyMap<string, Columns | null>,
): void {
  const wanted = ratings === undefined ? null : columns.get(ratings)
  if (!ratings || !wanted?.named) return
  for (const [path, read] of columns)
    if (!roles.has(path) && read && haveSameColumns(read, wanted))
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
  if (files.length === 1) {
    const only = { role: 'ratings', certainty: 'certain', reason: 'It is the only file.' } as const
    return files.map(({ path, bytes }) => ({ path, bytes, ...only }))
  }
  const notes = new Set(files.filter(isProse).map(({ path }) => path))
  const columns = new Map(files.map((file) => [file.path, notes.has(file.path) ? null : columnsOf(file)]))
  const found = (roles: ReadonlyMap<string, Taken>, otherwise: Omit<Taken, 'role'>): FoundFile[] => {
    const hasRatings = [...roles.values()].some(({ role }) => role === 'ratings')
    return files.map(({ path, bytes }): FoundFile => {
      const taken = roles.get(path) ?? { role: 'left out' as const, ...otherwise }
      return taken.role === 'left out' && hasRatings && describesUsers(path, columns.get(path) ?? null)
        ? { path, bytes, ...taken, describesUsers: true }
        : { path, bytes, ...taken }
    })
  }
  const known = knownExport(files.map(({ path }) => path))
  if (known) {
    const reason = 'It has the name of a well-known export.'
    const roles = new Map<string, Taken>(
      known.ratings.map((path) => [path, { role: 'ratings', certainty: 'likely', reason }]),
    )
    if (known.items !== null) roles.set(known.items, { role: 'items', certainty: 'likely', reason })
    addFilesLike(known.ratings[0], roles, columns)
    const own = columns.get(known.ratings[0] ?? '')
    if (known.items === null && own?.named) addItems(own.names, files, roles, columns)
    addDescribed(files, roles, columns)
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
    const joined = linesAndHeader(files, columns)
    if (joined) return found(joined, noTableAtAll)
    const tables = files.filter(({ path }) => !notes.has(path))
    const roles = byIds(tables, columns) ?? byIdsAlone(tables, columns) ?? byNames(tables, columns)
    for (const path of notes) roles.set(path, noTableAtAll)
    return found(roles, {
      certainty: 'guess',
      reason: 'Neither its columns nor its name show ratings or items.',
    })
  }
  const roles = new Map<string, Taken>()
  const names = namesOf(ratings[0]?.path ?? '')
  // A rating has more information than the kind of event.
  const areRated = names.some((name) => roleOfName(name)?.role === 'rating')
  const areDifferent = !areRated && nameDifferentDeeds(ratings.map(({ path }) => path))
  for (const { path } of ratings) {
    const own = namesOf(path)
    const isSame = own.length === names.length && own.every((name) => names.includes(name))
    roles.set(path, {
      role: 'ratings',
      certainty: isSame && !areDifferent ? 'likely' : 'guess',
      reason: `It has columns of users and items: ${listed(own)}${isSame ? '' : `, and others than ${ratings[0]?.path ?? ''}`}.${areDifferent ? ' The names of the files say that people did different things, but all rows count alike.' : ''}`,
    })
  }
  for (const { path } of others.flat())
    roles.set(path, {
      role: 'left out',
      certainty: 'guess',
      reason: `It also has users and items, but other columns than the ratings: ${listed(namesOf(path))}.`,
    })
  addItems(names, files, roles, columns)
  addDescribed(files, roles, columns)
  for (const { path } of files) {
    if (roles.has(path)) continue
    if (columns.get(path))
      roles.set(path, {
        role: 'left out',
        certainty: 'likely',
        reason: `It has no column of ${namesOf(path).some((name) => roleOfName(name)?.role === 'user') ? 'items' : 'users'}: ${listed(namesOf(path))}.`,
      })
    else if (isOtherTable(path))
      roles.set(path, {
        role: 'left out',
        certainty: 'guess',
        reason: 'Its first bytes do not show its content, and other files have users and items.',
      })
  }
  return found(roles, noTableAtAll)
}

/** The files of users in well-known exports without column names. */
const usersFile = /(?:^|\/)(?:users?\.(?:dat|csv)|u\.user)$/i

/** Whether a table has a row for each user, with attributes such as the age, and nothing that they used. */
function describesUsers(path: string, read: Columns | null): boolean {
  if (!read?.named) return read !== null && usersFile.test(path)
  const matches = read.names.map((name) => roleOfName(name))
  const user = matches.findIndex((match) => match?.role === 'user' && match.whole)
  if (user === -1) return false
  const isOfUse = matches.some(
    (match) => match?.whole === true && ['item', 'rating', 'event', 'count'].includes(match.role),
  )
  const ids = read.rows.map((row) => (row[user] ?? '').trim()).filter((id) => id !== '')
  return !isOfUse && ids.length > 1 && new Set(ids).size === ids.length
}

/** Adds the file that describes the items of ratings with these columns, by its column names or, failing that, by its ids. */
function addItems(
  ratings: readonly string[],
  files: readonly Candidate[],
  roles: Map<string, Taken>,
  columns: ReadonlyMap<string, Columns | null>,
): void {
  const items = detailsFor(ratings, files, roles, columns)
  if (items) {
    roles.set(...items)
    return
  }
  const shown = heads(files, columns)
  const catalogue = itemCatalogue(
    shown.filter(({ path }) => !roles.has(path)),
    shown.filter(({ path }) => roles.get(path)?.role === 'ratings'),
  )
  if (catalogue) roles.set(catalogue.items.path, asCatalogue(catalogue))
}

/** The file that describes the items of ratings with these columns, with its reason; one with the ratings' own item column first. */
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
      const hasUsers = read?.names.some((name) => {
        const match = roleOfName(name)
        return match?.role === 'user' && match.whole && !saysMaker(name)
      })
      return read && item && !hasUsers ? [{ path, read, item, joins: item.item === itemColumn }] : []
    })
    .sort((a, b) => Number(b.joins) - Number(a.joins) || Number(b.item.title !== null) - Number(a.item.title !== null))
  if (!items) return null
  const reason = `It has the items’ column “${items.item.item}” and no users: ${listed(items.read.names)}.`
  return [items.path, { role: 'items', certainty: 'likely', reason }]
}

/**
 * Detects order lines and orders in separate files: no file has users and items, but one has items and keys of another one, which has the users. Null if
 * there are none.
 */
function linesAndHeader(
  files: readonly Candidate[],
  columns: ReadonlyMap<string, Columns | null>,
): ReadonlyMap<string, Taken> | null {
  const tables = heads(files, columns).map(({ path, bytes, names, rows }) => ({
    name: path,
    called: tableName(path),
    columns: names,
    key: null,
    references: [],
    rows: distinctRows(rows),
    isCut: (files.find((file) => file.path === path)?.head.length ?? 0) < bytes,
  }))
  const related = new RelatedTables(new RelatedRows(tables), tables)
  const found = related.withHeader()
  if (!found) return null
  const { table: lines, header, user, item } = found
  const taken = new Map<string, Taken>([
    [
      header.table,
      {
        role: 'joined',
        certainty: 'likely',
        reason: `It has users (${user}) but no items, and one row for each “${header.key}”: its columns are added to the rows of ${lines.name}.`,
      },
    ],
  ])
  for (const { name, columns: names } of tables)
    if (names.join('\0') === lines.columns.join('\0'))
      taken.set(name, {
        role: 'ratings',
        certainty: 'likely',
        reason: `It has ${item === null ? 'rows of orders or the like' : `items (${item})`} but no users; ${header.table} has them (${user}), and “${header.column}” is in both.`,
      })
  const people = related.peopleBehind(header.table, user)
  if (people)
    taken.set(people.table, {
      role: 'joined',
      certainty: 'likely',
      reason: `Its “${people.columns[0] ?? ''}” tells apart the people behind the ${user} of ${header.table}, which is another one in each of its rows.`,
    })
  addItems(lines.columns, files, taken, columns)
  leaveOutBeside(lines.name, header, files, taken, columns)
  return taken
}

/** Says of every table that is neither joined nor the lines or items what it has instead. */
function leaveOutBeside(
  lines: string,
  { table: header, key }: Reference,
  files: readonly Candidate[],
  taken: Map<string, Taken>,
  columns: ReadonlyMap<string, Columns | null>,
): void {
  for (const { path } of files) {
    if (taken.has(path)) continue
    const names = columns.get(path)?.names
    if (!names) {
      if (isOtherTable(path))
        taken.set(path, {
          role: 'left out',
          certainty: 'guess',
          reason: `Its first bytes do not show its content, and ${lines} and ${header} have items and users.`,
        })
      continue
    }
    const says = (role: 'user' | 'item'): string | undefined =>
      names.find((name) => {
        const match = roleOfName(name)
        return match?.role === role && match.whole
      })
    const [user, item] = [says('user'), says('item')]
    const what =
      user !== undefined && item !== undefined
        ? `It has users (${user}) and items (${item}) of its own, but is no part of ${lines}`
        : user !== undefined
          ? `It has users (${user}) but no items, and ${header} has the users already`
          : item !== undefined
            ? `It has items (${item}) but no users, and is not needed in addition to ${lines}`
            : names.includes(key)
              ? `It has rows of “${key}”, but neither users nor items`
              : 'It has neither users nor items'
    taken.set(path, { role: 'left out', certainty: 'likely', reason: `${what}: ${listed(names)}.` })
  }
}

/** The first rows of the files whose columns have names. */
const heads = (files: readonly Candidate[], columns: ReadonlyMap<string, Columns | null>): TableHead[] =>
  files.flatMap(({ path, bytes }) => {
    const read = columns.get(path)
    return read?.named ? [{ path, bytes, names: read.names, rows: read.rows }] : []
  })

/** The first rows of a table, whether its columns have names or not. */
const seenTables = (files: readonly Candidate[], columns: ReadonlyMap<string, Columns | null>): SeenTable[] =>
  files.flatMap((file) => {
    const read = columns.get(file.path)
    return read ? [{ ...read, path: file.path, whole: isWhole(file) }] : []
  })

/** The ratings with the positions of their ids, by the names of their columns or, in a well-known export, by their order; null if neither says them. */
function withIds(table: SeenTable): RatingsTable | null {
  if (!table.named) return isKnownExport(table.path) ? { ...table, user: 0, item: 1 } : null
  const of = (role: 'user' | 'item'): number =>
    table.names.findIndex((name) => {
      const match = roleOfName(name)
      return match?.role === role && match.whole
    })
  const [user, item] = [of('user'), of('item')]
  return user === -1 || item === -1 ? null : { ...table, user, item }
}

/** Adds the file that describes the items of the ratings by its ids, unless there is one already, and says which describe their users. */
function addDescribed(
  files: readonly Candidate[],
  roles: Map<string, Taken>,
  columns: ReadonlyMap<string, Columns | null>,
): void {
  const tables = seenTables(files, columns)
  const ratings = tables.find(({ path }) => roles.get(path)?.role === 'ratings')
  const known = ratings ? withIds(ratings) : null
  if (!known) return
  const hasItems = [...roles.values()].some(({ role }) => role === 'items')
  const others = tables.filter(({ path }) => !roles.has(path))
  for (const [path, taken] of describedIds(others, known))
    if (!hasItems || taken.role !== 'items') roles.set(path, taken)
}

/** Roles of tables without names by their ids alone; null if these show nothing. */
function byIdsAlone(
  files: readonly Candidate[],
  columns: ReadonlyMap<string, Columns | null>,
): Map<string, Taken> | null {
  const bytes = new Map(files.map((file) => [file.path, file.bytes]))
  const tables = seenTables(files, columns).sort((a, b) => (bytes.get(b.path) ?? 0) - (bytes.get(a.path) ?? 0))
  const found = ratingsByIds(tables)
  if (!found) return null
  const { ratings, described } = found
  const [items] = [...described].find(([, { role }]) => role === 'items') ?? []
  return new Map<string, Taken>([
    ...described,
    [
      ratings.path,
      {
        role: 'ratings',
        certainty: 'guess',
        reason: `Its first two columns have ids that repeat, of which ${items ?? 'another file'} has those of column ${ratings.item + 1} once each.`,
      },
    ],
  ])
}

const asCatalogue = ({ by, ratings, isNamed }: Catalogue): Taken => ({
  role: 'items',
  certainty: isNamed ? 'likely' : 'guess',
  reason: `It has no users, and “${by}”, its only column that is also in ${ratings[0]?.path ?? ''}, has another value in each row.`,
})

/** Roles by which ids occur once in one file and repeatedly in others; null if that shows nothing. */
function byIds(files: readonly Candidate[], columns: ReadonlyMap<string, Columns | null>): Map<string, Taken> | null {
  const catalogue = itemCatalogue(heads(files, columns))
  if (!catalogue) return null
  const { items, ratings, by, isNamed } = catalogue
  const roles = new Map<string, Taken>([[items.path, asCatalogue(catalogue)]])
  for (const { path } of ratings)
    roles.set(path, {
      role: 'ratings',
      certainty: isNamed ? 'likely' : 'guess',
      reason: `Values of “${by}”, which ${items.path} has once each, occur in several of its rows.`,
    })
  return roles
}

/** Roles by the names of files, if nothing better is known; each reason says what the name shows. */
function byNames(files: readonly Candidate[], columns: ReadonlyMap<string, Columns | null>): Map<string, Taken> {
  const hinted = sortByHints(
    files.map(({ path }) => path),
    (path) => Boolean(columns.get(path)),
  )
  // A file with the columns of the ratings is one more part of them, whatever its name suggests.
  const { items, ratings } = hinted
  const isPart = items !== null && ratings.some((path) => haveSameColumns(columns.get(path), columns.get(items)))
  const sorted = isPart ? { ...hinted, items: null, ratings: [items, ...ratings].sort() } : hinted
  const isOnlyTable = (path: string): boolean =>
    files.every((other) => other.path === path || !(columns.get(other.path) !== null || isOtherTable(other.path)))
  const unclear = 'its columns do not show what it contains'
  const roles = new Map<string, Taken>()
  for (const path of sorted.ratings)
    roles.set(path, {
      role: 'ratings',
      certainty: 'guess',
      reason: sorted.named
        ? `Its name suggests ratings, and ${unclear}.`
        : isOnlyTable(path)
          ? 'No other file is a table.'
          : `Neither its columns nor its name show what it contains, ${sorted.items === null ? 'and no other file is more likely to have ratings' : `but the name of ${sorted.items} suggests items`}.`,
    })
  if (sorted.items !== null)
    roles.set(sorted.items, { role: 'items', certainty: 'guess', reason: `Its name suggests items, and ${unclear}.` })
  leaveOutOthers(sorted.ratings, roles, columns, new Map(files.map(({ path, bytes }) => [path, bytes])))
  addFilesLike(
    sorted.ratings.find((path) => roles.get(path)?.role === 'ratings'),
    roles,
    columns,
  )
  return roles
}

/** Leaves out files whose columns are not those of most of the ratings: an import reads the same columns of each of its files. */
function leaveOutOthers(
  ratings: readonly string[],
  roles: Map<string, Taken>,
  columns: ReadonlyMap<string, Columns | null>,
  bytes: ReadonlyMap<string, number>,
): void {
  const namesOf = (path: string): readonly string[] => {
    const read = columns.get(path)
    return read?.named ? read.names : []
  }
  const sharing = (path: string): string[] =>
    ratings.filter((other) => namesOf(other).filter((name) => namesOf(path).includes(name)).length >= 2)
  const size = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + (bytes.get(path) ?? 0), 0)
  const named = ratings.filter((path) => namesOf(path).length > 0)
  const [main] = named.map((path) => ({ path, alike: sharing(path) })).sort((a, b) => size(b.alike) - size(a.alike))
  if (!main) return
  for (const path of named)
    if (path !== main.path && !main.alike.includes(path))
      roles.set(path, {
        role: 'left out',
        certainty: 'guess',
        reason: `Its columns are not those of ${main.path}, which is larger: ${listed(namesOf(path))}.`,
      })
}
