import { isBlankCell } from './blank-cells'
import { nameMatches, roleOfName } from './column-names'
import { isSaleName } from './sale-names'

/** The first rows of a file with column names. */
export interface TableHead {
  readonly path: string
  readonly bytes: number
  readonly names: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The table that describes the items of others, recognised by its content. */
export interface Catalogue {
  /** Tables with the same columns; the catalogue has one row for each of their items. */
  readonly ratings: readonly TableHead[]
  readonly items: TableHead
  /** The only column that is in both. */
  readonly by: string
  /** Whether names agree: that of the shared column, or of a title or genres in the catalogue. */
  readonly isNamed: boolean
}

/** At least this share of a catalogue's rows has a unique id: a few are repeated in most exports. */
const mostlyUnique = 0.95
/** The number of rows that show whether ids repeat. */
const fewestRows = 2

const columnOf = ({ names, rows }: TableHead, name: string): string[] => {
  const column = names.indexOf(name)
  return rows.map((row) => (row[column] ?? '').trim()).filter((value) => !isBlankCell(value))
}

const hasRole = (name: string, ...roles: readonly string[]): boolean => {
  const best = roleOfName(name)
  return best !== null && best.whole && roles.includes(best.role)
}

/** Whether rows describe items: one row for each id, and no users. */
function describes(table: TableHead, by: string): boolean {
  if (table.names.some((name) => hasRole(name, 'user'))) return false
  const ids = columnOf(table, by)
  return ids.length >= fewestRows && new Set(ids).size >= mostlyUnique * ids.length
}

/** Whether rows use the ids of a catalogue: several rows have the same id, and the catalogue has some of them. */
function uses(table: TableHead, by: string, catalogue: TableHead): boolean {
  // Another column has the item's name; the shared one then belongs to orders.
  if (!hasRole(by, 'item') && table.names.some((name) => name !== by && hasRole(name, 'item'))) return false
  const ids = columnOf(table, by)
  const described = new Set(columnOf(catalogue, by))
  return new Set(ids).size < ids.length && ids.some((id) => described.has(id))
}

/**
 * Detects which table describes the items of others, independently of the names of files and columns: it has no users, and exactly one of the columns
 * of the others, in which each id occurs once, while ids repeat in the others. Null if no table does, or if several may.
 * @param given the ratings, if they are known
 */
export function itemCatalogue(
  tables: readonly TableHead[],
  given: readonly TableHead[] | null = null,
): Catalogue | null {
  const kinds = new Map<string, TableHead[]>()
  for (const table of given ?? tables) {
    const key = [...table.names].sort().join('\0')
    kinds.set(key, [...(kinds.get(key) ?? []), table])
  }
  const bytesOf = (kind: readonly TableHead[]): number => kind.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const ratings of [...kinds.values()].sort((a, b) => bytesOf(b) - bytesOf(a))) {
    const [first] = ratings
    if (!first) continue
    const found = tables.flatMap((items): Catalogue[] => {
      const [by, ...more] = items.names.filter((name) => first.names.includes(name))
      if (by === undefined || more.length > 0 || hasRole(by, 'user', 'time', 'rating') || isSaleName(by)) return []
      if (!describes(items, by) || !ratings.some((table) => uses(table, by, items))) return []
      const isNamed =
        hasRole(by, 'item') ||
        items.names.some((name) => nameMatches(name).some(({ role }) => role === 'title' || role === 'genres'))
      return [{ ratings, items, by, isNamed }]
    })
    const named = found.filter(({ isNamed }) => isNamed)
    const [only, ...others] = named.length > 0 ? named : found
    // Tables of people and of items look the same if no name distinguishes them.
    if (only && others.length === 0) return only
  }
  return null
}
