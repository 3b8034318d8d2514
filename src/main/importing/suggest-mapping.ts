import type { ItemColumnMapping } from '../../shared/datasets'
import { type NamedRole, nameMatches, roleOfName, saysItemName } from './column-names'
import { wordsOf } from './name-words'

interface Column {
  readonly name: string
}

/** The column whose name matches a role best; the first of several. Null if none matches. */
function bestMatch(columns: readonly Column[], role: NamedRole): string | null {
  const ranked = columns
    .flatMap(({ name }) => {
      const match = nameMatches(name).find((one) => one.role === role)
      return match ? [{ name, ...match }] : []
    })
    .sort((a, b) => Number(b.whole) - Number(a.whole) || a.rank - b.rank || Number(b.id) - Number(a.id))
  return ranked[0]?.name ?? null
}

const interactionRoles = ['user', 'item', 'rating', 'time', 'event', 'count'] as const

/** The columns of interactions by their names, in the order of their roles. */
export const interactionNames = (names: readonly string[]): string[] => {
  const columns = names.map((name) => ({ name }))
  return interactionRoles.flatMap(
    (role) =>
      bestMatch(
        columns.filter(({ name }) => roleOfName(name)?.role === role),
        role,
      ) ?? [],
  )
}

/** Whether names are those of a table of interactions: one is a user's, another an item's. */
export function nameInteractions(names: readonly string[]): boolean {
  const roles = names.map((name) => roleOfName(name)).filter((match) => match?.whole)
  return ['user', 'item'].every((role) => roles.some((match) => match?.role === role))
}

/** Number of rows that are searched for column names below titles that are as wide as the table. */
export const mostTitles = 10

/**
 * Which of the first rows is the header of interactions, if no row of the table precedes it: a title may be as wide as the table. 0
 * if it is the first, or none is.
 */
export function namesBelowTitles<Cell>(
  rows: readonly (readonly Cell[])[],
  namesOf: (row: readonly Cell[]) => readonly string[],
  isRow: (row: readonly Cell[]) => boolean,
): number {
  const titles = rows.slice(0, mostTitles)
  const header = titles.findIndex((row) => nameInteractions(namesOf(row)))
  return header > 0 && !titles.slice(0, header).some(isRow) ? header : 0
}

/** Whether names are those of a table of items: one is an item or id, another a title or genres. */
export const nameItems = (names: readonly string[]): boolean => {
  const columns = names.map((name) => ({ name }))
  const mapping = suggestItemMapping(columns, true)
  return mapping !== null && (mapping.title !== null || mapping.genres !== null)
}

/** The column of the item ids: the one whose name says so, unless that may be an attribute (artist, material) and another one is called “id”. */
function itemIds(candidates: readonly Column[], columns: readonly Column[]): string | null {
  const named = bestMatch(candidates, 'item')
  const match = named === null ? null : nameMatches(named).find(({ role }) => role === 'item')
  const isSure = match != null && match.whole && match.rank === 0
  const id = columns.find(({ name }) => wordsOf(name).join('') === 'id')?.name ?? null
  return isSure ? named : (id ?? named)
}

/**
 * The roles of an items file's columns by their names; its id column may be `chosen`. Without a header: id, title, genres. Null if no
 * id column is recognised.
 */
export function suggestItemMapping(
  columns: readonly Column[],
  header: boolean,
  chosen: string | null = null,
): ItemColumnMapping | null {
  if (header || chosen !== null) {
    const ids = columns.filter(({ name }) => roleOfName(name)?.role !== 'title')
    const item = chosen ?? itemIds(ids, columns)
    if (item === null) return null
    const others = columns.filter(({ name }) => name !== item)
    const title = bestMatch(others, 'title') ?? others.find(({ name }) => saysItemName(name))?.name ?? null
    return { item, title, genres: bestMatch(others, 'genres') }
  }
  const [item, title, genres] = columns
  if (!item) return null
  return { item: item.name, title: title?.name ?? null, genres: columns.length === 3 ? (genres?.name ?? null) : null }
}

/** The roles of an items file's columns beside ratings whose item column is known: a column of the same name has the same ids. */
export const suggestItemMappingBeside = (
  ratingsItem: string | null,
  columns: readonly Column[],
  header: boolean,
): ItemColumnMapping | null =>
  suggestItemMapping(columns, header, columns.find(({ name }) => header && name === ratingsItem)?.name ?? null)
