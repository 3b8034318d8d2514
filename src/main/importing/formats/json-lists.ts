import { type NamedRole, nameMatches, roleOfName } from '../column-names'
import { flattened } from './json-values'
import { isObject, type JsonObject } from './typed-values'

/** The list that contains the items of a row. */
export interface ItemList {
  /** Its column. */
  readonly name: string
  /** The columns of the lists that contain it, the outermost first, and its own. */
  readonly path: readonly string[]
  /** Whether its name, or a name in its elements, identifies it as a list of items; otherwise it is the only candidate. */
  readonly identified: boolean
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

const saysItem = (name: string): boolean =>
  [name, lastOf(name)].some((word) => {
    const match = roleOfName(word)
    return match?.role === 'item' && match.whole
  })

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
 */
export function itemListOf(objects: readonly JsonObject[]): ItemList | null {
  const values = new Set<string>()
  const lists = new Map<string, FoundList>()
  for (const object of objects) gather(object, [], lists, values)
  if ([...values].some(saysItem)) return null
  const found = [...lists].map(([name, { path, longest, keys }]) => ({ name, path, longest, keys: [...keys] }))
  const holdItems = found.filter(({ name, keys }) => keys.some(saysItem) && !ofOthers.has(roleOfList(name) ?? 'item'))
  const byName = found.find(({ name }) => saysItem(name)) ?? holdItems[0]
  if (byName) {
    const others = holdItems.filter((list) => list !== byName && !byName.path.includes(list.name))
    return { ...byName, identified: true, others: others.map(({ name }) => name) }
  }
  const names = [...values]
  const [only, ...more] = found.filter(({ name }) => !ofOthers.has(roleOfList(name) ?? 'item'))
  if (!only || more.length > 0 || only.longest < 2) return null
  if (!names.some((name) => roleOfName(name)?.role === 'user')) return null
  if (names.some((name) => nameMatches(name).some(({ role }) => role === 'item' || role === 'title'))) return null
  return { ...only, identified: false, others: [] }
}
