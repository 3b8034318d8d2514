import type { ItemColumnMapping } from '../../shared/datasets'
import { type NamedRole, nameMatches, roleOfName, saysItemName, wordsOf } from './column-names'

interface Column {
  readonly name: string
}

/** The column whose name speaks best for a role; the first of several. Null where none does. */
function bestNamed(columns: readonly Column[], role: NamedRole): string | null {
  const ranked = columns
    .flatMap(({ name }) => {
      const match = nameMatches(name).find((one) => one.role === role)
      return match ? [{ name, ...match }] : []
    })
    .sort((a, b) => Number(b.whole) - Number(a.whole) || a.rank - b.rank || Number(b.id) - Number(a.id))
  return ranked[0]?.name ?? null
}

const interactionRoles = ['user', 'item', 'rating', 'time', 'event', 'count'] as const

/** The columns that interactions would be made of by their names, in the order of their roles. */
export const interactionNames = (names: readonly string[]): string[] => {
  const columns = names.map((name) => ({ name }))
  return interactionRoles.flatMap(
    (role) =>
      bestNamed(
        columns.filter(({ name }) => roleOfName(name)?.role === role),
        role,
      ) ?? [],
  )
}

/** Whether names are those of a table of interactions: one says user, another item. */
export function nameInteractions(names: readonly string[]): boolean {
  const roles = names.map((name) => roleOfName(name)).filter((match) => match?.whole)
  return ['user', 'item'].every((role) => roles.some((match) => match?.role === role))
}

/** Rows in which the names of columns are looked for below titles that are as wide as the table. */
export const mostTitles = 10

/**
 * Which of the first rows names the columns of interactions, where no row of the table stands above it: a title may be as wide as the table. 0
 * where it is the first, or none does.
 */
export function namesBelowTitles<Cell>(
  rows: readonly (readonly Cell[])[],
  namesOf: (row: readonly Cell[]) => readonly string[],
  isRow: (row: readonly Cell[]) => boolean,
): number {
  const titles = rows.slice(0, mostTitles)
  const named = titles.findIndex((row) => nameInteractions(namesOf(row)))
  return named > 0 && !titles.slice(0, named).some(isRow) ? named : 0
}

/** Whether names are those of a table of items: one says item or id, another title or genres. */
export const nameItems = (names: readonly string[]): boolean => {
  const columns = names.map((name) => ({ name }))
  const mapping = suggestItemMapping(columns, true)
  return mapping !== null && (mapping.title !== null || mapping.genres !== null)
}

/**
 * What the columns of a file of items mean, by their names; its id column may be `chosen`; without a header: id, title, genres. Null where no
 * id can be told.
 */
export function suggestItemMapping(
  columns: readonly Column[],
  header: boolean,
  chosen: string | null = null,
): ItemColumnMapping | null {
  if (header || chosen !== null) {
    const ids = columns.filter(({ name }) => roleOfName(name)?.role !== 'title')
    const item =
      chosen ?? bestNamed(ids, 'item') ?? columns.find(({ name }) => wordsOf(name).join('') === 'id')?.name ?? null
    if (item === null) return null
    const others = columns.filter(({ name }) => name !== item)
    const title = bestNamed(others, 'title') ?? others.find(({ name }) => saysItemName(name))?.name ?? null
    return { item, title, genres: bestNamed(others, 'genres') }
  }
  const [item, title, genres] = columns
  if (!item) return null
  return { item: item.name, title: title?.name ?? null, genres: columns.length === 3 ? (genres?.name ?? null) : null }
}
