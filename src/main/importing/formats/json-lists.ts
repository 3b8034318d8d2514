import { type NamedRole, nameMatches, roleOfName, saysMaker } from '../column-names'
import { flattened } from './json-values'
import { isObject, type JsonObject } from './typed-values'

/** The list that contains the items of a row, or its interactions. */
export interface ItemList {
  /** Its column. */
  readonly name: string
  /** The columns of the lists that contain it, the outermost first, and its own. */
  readonly path: readonly string[]
  /** Whether its name, or a name in its elements, identifies it as a list of items; otherwise it is the only candidate. */
  readonly identified: boolean
  /** What its elements have that the row itself has not: the items of a user, or the users of an item. */
  readonly holds: 'items' | 'users'
  /** A column of the row itself that is named like items, too, and tells something about its user; null if there is none. */
  readonly beside: string | null
  /** The largest number of elements in the examined objects. */
  readonly longest: number
  /** Further lists that are named like lists of items; they are not read. */
  readonly others: readonly string[]
}

/** Lists with such names never contain items. */
const ofOthers: ReadonlySet<NamedRole> = new Set(['title', 'genres', 'other', 'user', 'time'])
/** The maximum depth of nested lists. */
const deepest = 6

/** The last segment of a dotted name: the key within the innermost object. */
const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
const roleOfList = (name: string): NamedRole | undefined => roleOfName(lastOf(name))?.role

const says = (name: string, ...roles: readonly NamedRole[]): boolean =>
  [name, lastOf(name)].some((word) => {
    const match = roleOfName(word)
    return match !== null && match.whole && roles.includes(match.role)
  })
/** Whether a name is that of an item, or of the id of a title. */
const saysItem = (name: string): boolean => says(name, 'item') || (says(name, 'title') && roleOfName(name)?.id === true)
/** What only an interaction has. */
const whenOrHow: readonly NamedRole[] = ['time', 'rating', 'count']

/** A list found in objects, and the columns of its elements. */
interface FoundList {
  readonly path: readonly string[]
  longest: number
  readonly keys: Set<string>
}

/** Collects the lists of an object and of the elements of its lists; names of other values, relative to the innermost list, are added to `values`. */
function gather(object: JsonObject, path: readonly string[], lists: Map<string, FoundList>, values: Set<string>): void {
  const inner: { name: string; list: readonly unknown[] }[] = []
  const cells = flattened(object, (name, list) => {
    const simple = list.every((element) => typeof element === 'string' || typeof element === 'number')
    if ((!simple && !list.every(isObject)) || path.length >= deepest) return false
    inner.push({ name, list })
    return true
  })
  const outer = path.at(-1)
  for (const [name, cell] of cells)
    if (cell !== null)
      values.add(outer !== undefined && name.startsWith(`${outer}.`) ? name.slice(outer.length + 1) : name)
  for (const { name, list } of inner) {
    const known = lists.get(name) ?? { path: [...path, name], longest: 0, keys: new Set<string>() }
    known.longest = Math.max(known.longest, list.length)
    lists.set(name, known)
    for (const element of list) if (isObject(element)) gather({ [name]: element }, known.path, lists, known.keys)
  }
}

/**
 * The list whose elements are the items of interactions, such as a basket or a history, at any depth; null if a row has its own item
 * or no list can contain items.
 * @param wanted columns of users and items that are known: the list around one of them is that list, whatever the names say
 */
export function itemListOf(objects: readonly JsonObject[], wanted: readonly string[] = []): ItemList | null {
  const values = new Set<string>()
  const lists = new Map<string, FoundList>()
  for (const object of objects) gather(object, [], lists, values)
  const found = [...lists].map(([name, { path, longest, keys }]) => ({ name, path, longest, keys: [...keys] }))
  const named = found
    .filter(({ name }) =>
      wanted.some((column) => !values.has(column) && (column === name || column.startsWith(`${name}.`))),
    )
    .sort((a, b) => b.name.length - a.name.length)[0]
  if (named) return { ...named, holds: 'items', beside: null, identified: true, others: [] }
  if ([...values].some(saysItem)) return interactionListOf([...values], found)
  const holdItems = found.filter(({ name, keys }) => keys.some(saysItem) && !ofOthers.has(roleOfList(name) ?? 'item'))
  const byName = found.find(({ name }) => saysItem(name)) ?? holdItems[0]
  if (byName) {
    const others = holdItems.filter((list) => list !== byName && !byName.path.includes(list.name))
    return { ...byName, holds: 'items', beside: null, identified: true, others: others.map(({ name }) => name) }
  }
  const names = [...values]
  const ofUsers = interactionListOf(names, found)
  if (ofUsers) return ofUsers
  const [only, ...more] = found.filter(({ name }) => !ofOthers.has(roleOfList(name) ?? 'item'))
  if (!only || more.length > 0 || only.longest < 2) return null
  if (!names.some((name) => roleOfName(name)?.role === 'user')) return null
  if (names.some((name) => nameMatches(name).some(({ role }) => role === 'item' || role === 'title'))) return null
  return { ...only, holds: 'items', beside: null, identified: false, others: [] }
}

/**
 * Of rows with items, the list whose elements are nevertheless the interactions: the reviews of a book, each with its user, or the loans of a pupil
 * whose row also has a course, each with an item and a time. Null if the rows are the interactions.
 */
function interactionListOf(
  values: readonly string[],
  found: readonly (Pick<ItemList, 'name' | 'path' | 'longest'> & { readonly keys: readonly string[] })[],
): ItemList | null {
  const hasUser = values.some((name) => says(name, 'user') && !saysMaker(name))
  const isOfUser = hasUser && !values.some((name) => says(name, ...whenOrHow))
  const candidates = found.filter(({ keys }) => {
    if (!keys.some((name) => whenOrHow.includes(roleOfName(name)?.role ?? 'other'))) return false
    return hasUser ? isOfUser && keys.some(saysItem) : keys.some((name) => says(name, 'user'))
  })
  const [list, ...others] = candidates
  if (!list) return null
  return {
    ...list,
    holds: hasUser ? 'items' : 'users',
    beside: hasUser ? (values.find(saysItem) ?? null) : null,
    identified: true,
    others: others.map(({ name }) => name),
  }
}
