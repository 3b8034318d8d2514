import type { FoundFile } from '../../shared/found-files'
import { isBlankCell } from './blank-cells'
import { roleOfName } from './column-names'
import { suggestItemMapping } from './suggest-mapping'

/** The first rows of a file. */
export interface SeenTable {
  readonly path: string
  readonly names: readonly string[]
  /** Whether the names come from the file. */
  readonly named: boolean
  readonly rows: readonly (readonly string[])[]
  /** Whether these are all of its rows. */
  readonly whole: boolean
}

/** A table of ratings with the positions of its ids. */
export interface RatingsTable extends SeenTable {
  readonly user: number
  readonly item: number
}

/** At least this share of the items of ratings is in a table of items. */
const mostItems = 0.5
/** If only the beginning of that table is known, this share of its ids is among the items. */
const someIds = 0.1
/** Texts that are hardly ever repeated are names or titles, not categories. */
const mostlyDifferent = 0.8

type Taken = Pick<FoundFile, 'role' | 'certainty' | 'reason'>

const valuesOf = ({ rows }: Pick<SeenTable, 'rows'>, column: number): string[] =>
  rows.map((row) => (row[column] ?? '').trim()).filter((value) => !isBlankCell(value))

const nameOf = ({ names, named }: SeenTable, column: number): string =>
  named ? `“${names[column] ?? ''}”` : `column ${column + 1}`

/** Whether ids repeat in a column, as those of users and items do in ratings. */
const repeats = (table: SeenTable, column: number): boolean => {
  const values = valuesOf(table, column)
  return new Set(values).size < values.length
}

const shareIn = (ids: ReadonlySet<string>, all: ReadonlySet<string>): number =>
  ids.size === 0 ? 0 : [...ids].filter((id) => all.has(id)).length / ids.size

/** Whether a column other than the ids has titles: texts of several letters, nearly all of them different. */
const hasTitles = (table: SeenTable, ids: number): boolean =>
  table.names.some((_, column) => {
    if (column === ids) return false
    const values = valuesOf(table, column)
    const texts = values.filter((value) => /\p{L}[^]*\p{L}/u.test(value))
    return 2 * texts.length > table.rows.length && new Set(values).size >= mostlyDifferent * values.length
  })

/** What the ids of a table are, and how many of those of the ratings it has. */
interface Match {
  readonly table: SeenTable
  readonly column: number
  readonly inUsers: number
  readonly inItems: number
  readonly titles: boolean
  readonly is: 'items' | 'users'
}

/** Compares the ids of a table, which occur once each, with those of ratings; null if they are neither users nor items of them. */
function matchOf(table: SeenTable, ratings: RatingsTable): Match | null {
  const [users, items] = [ratings.user, ratings.item].map((column) => new Set(valuesOf(ratings, column)))
  if (!users || !items) return null
  for (const column of table.names.keys()) {
    const values = valuesOf(table, column)
    const ids = new Set(values)
    if (ids.size < 2 || ids.size < values.length || values.length < table.rows.length) continue
    const [inUsers, inItems] = [shareIn(users, ids), shareIn(items, ids)]
    const isEnough = (share: number, all: ReadonlySet<string>): boolean =>
      share >= mostItems || (!table.whole && shareIn(ids, all) >= someIds)
    const [ofUsers, ofItems] = [isEnough(inUsers, users), isEnough(inItems, items)]
    if (!ofUsers && !ofItems) continue
    const titles = hasTitles(table, column)
    // The numbers of users and items often are the same ones: then those of the table that has more of them, and titles, are the items’.
    const areUsers = !ofItems || (ofUsers && (!titles || (table.whole && inUsers > inItems)))
    return { table, column, inUsers, inItems, titles, is: areUsers ? 'users' : 'items' }
  }
  return null
}

/** Whether the names of a file that describes items lead an import to its column of ids. */
const isFound = ({ table, column }: Match): boolean =>
  suggestItemMapping(
    table.names.map((name) => ({ name })),
    table.named,
  )?.item === table.names[column]

/**
 * The files that describe the items or the users of ratings, recognised by their ids whatever they are called: each id once, beside titles if they are the
 * items’. One file has the items; users are left out.
 */
export function describedIds(tables: readonly SeenTable[], ratings: RatingsTable): Map<string, Taken> {
  const found = new Map<string, Taken>()
  const matches = tables
    .filter(({ names, named }) => !named || !names.some(saysUser))
    .flatMap((table) => matchOf(table, ratings) ?? [])
    // Numbers under another name than that of users are the same ones by chance.
    .filter(({ table, titles, is }) => !table.named || (is === 'items' && titles))
    .sort((a, b) => b.inItems - a.inItems || Number(b.titles) - Number(a.titles))
  let items: Match | null = null
  for (const match of matches) {
    const { table, column, is } = match
    const ids = `${nameOf(table, column)} has ids of ${nameOf(ratings, ratings[is === 'items' ? 'item' : 'user'])} in ${ratings.path}, once each`
    if (is === 'users')
      found.set(table.path, {
        role: 'left out',
        certainty: match.titles && match.inItems > 0 ? 'guess' : 'likely',
        reason: `It describes users, whose details are not read: ${ids}.`,
      })
    else if (items)
      found.set(table.path, {
        role: 'left out',
        certainty: 'guess',
        reason: `It also describes items, but ${items.table.path} has more of them or comes first: ${ids}.`,
      })
    else if (!isFound(match))
      found.set(table.path, {
        role: 'left out',
        certainty: 'guess',
        reason: `It describes items, but no name says so: ${ids}. Choose it for the items, with that column as the item id (--items-item).`,
      })
    else {
      items = match
      found.set(table.path, {
        role: 'items',
        certainty: match.inUsers > 0 || ratings.named || !match.titles ? 'guess' : 'likely',
        reason: `It describes items: ${ids}${match.titles ? ', beside titles' : ''}.`,
      })
    }
  }
  return found
}

const saysUser = (name: string): boolean => {
  const match = roleOfName(name)
  return match?.role === 'user' && match.whole
}

/**
 * The table of ratings among tables without names, and those that describe its users and items: two of its first columns have ids that repeat, which
 * another table has once each. Null if there is none.
 * @param tables the largest first
 */
export function ratingsByIds(
  tables: readonly SeenTable[],
): { readonly ratings: RatingsTable; readonly described: ReadonlyMap<string, Taken> } | null {
  for (const table of tables) {
    if (table.named || table.names.length < 3 || !repeats(table, 0) || !repeats(table, 1)) continue
    const others = tables.filter(({ path }) => path !== table.path)
    for (const [user, item] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const ratings = { ...table, user, item }
      // Without titles, users look like items of ratings whose first column has the items.
      const described = describedIds(others, ratings)
      const items = [...described].find(([, { role }]) => role === 'items')?.[0]
      const of = others.find(({ path }) => path === items)
      if (of && hasTitles(of, 0)) return { ratings, described }
    }
  }
  return null
}
