import { type NamedRole, nameMatches, roleOfName } from '../column-names'
import { flattened } from './json-values'
import { isObject, type JsonObject } from './typed-values'

/** The list in which a row holds its items. */
export interface ItemList {
  /** Its column. */
  readonly name: string
  /** The columns of the lists in whose elements it stands, the outermost first, and its own. */
  readonly path: readonly string[]
  /** Whether its name, or one in its elements, says that it holds items; otherwise it is the only list that may. */
  readonly told: boolean
  /** The most elements that it has in an object that was looked at. */
  readonly longest: number
  /** Further lists whose names say that they hold items; they are not read. */
  readonly others: readonly string[]
}

/** Lists that are called so are no items, whatever else a row lacks. */
const ofOthers: ReadonlySet<NamedRole> = new Set(['title', 'genres', 'other', 'user', 'time'])
/** Lists in lists in lists … are followed so far. */
const deepest = 6

/** The last part of a name: what it is within the objects around it. */
const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
const roleOfList = (name: string): NamedRole | undefined => roleOfName(lastOf(name))?.role

const saysItem = (name: string): boolean =>
  [name, lastOf(name)].some((said) => {
    const match = roleOfName(said)
    return match?.role === 'item' && match.whole
  })

/** A list that was found in objects, and the columns of its elements. */
interface FoundList {
  readonly path: readonly string[]
  longest: number
  readonly keys: Set<string>
}

/** Gathers the lists of an object and of the elements of its lists; the names of what is no list, as they are within the innermost list, go to `values`. */
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
 * The list whose elements are the items of interactions, as a basket's or a history's, however deep it stands; null where a row names its item
 * itself or no list may hold items.
 */
export function itemListOf(objects: readonly JsonObject[]): ItemList | null {
  const values = new Set<string>()
  const lists = new Map<string, FoundList>()
  for (const object of objects) gather(object, [], lists, values)
  if ([...values].some(saysItem)) return null
  const found = [...lists].map(([name, { path, longest, keys }]) => ({ name, path, longest, keys: [...keys] }))
  const holdItems = found.filter(({ name, keys }) => keys.some(saysItem) && !ofOthers.has(roleOfList(name) ?? 'item'))
  const named = found.find(({ name }) => saysItem(name)) ?? holdItems[0]
  if (named) {
    const others = holdItems.filter((list) => list !== named && !named.path.includes(list.name))
    return { ...named, told: true, others: others.map(({ name }) => name) }
  }
  const names = [...values]
  const [only, ...more] = found.filter(({ name }) => !ofOthers.has(roleOfList(name) ?? 'item'))
  if (!only || more.length > 0 || only.longest < 2) return null
  if (!names.some((name) => roleOfName(name)?.role === 'user')) return null
  if (names.some((name) => nameMatches(name).some(({ role }) => role === 'item' || role === 'title'))) return null
  return { ...only, told: false, others: [] }
}
