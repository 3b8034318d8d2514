import { type NamedRole, nameMatches, roleOfName } from '../column-names'
import { flattened, isObject, type JsonObject } from './json-values'

/** The list in which a row holds its items. */
export interface ItemList {
  /** Its column. */
  readonly name: string
  /** Whether its name, or one in its elements, says that it holds items; otherwise it is the only list that may. */
  readonly told: boolean
  /** The most elements that it has in an object that was looked at. */
  readonly longest: number
}

/** Lists that are called so are no items, whatever else a row lacks. */
const ofOthers: ReadonlySet<NamedRole> = new Set(['title', 'genres', 'other', 'user', 'time'])

const saysItem = (name: string): boolean => {
  const match = roleOfName(name)
  return match?.role === 'item' && match.whole
}

/**
 * The list whose elements are the items of interactions, as a basket's or a history's; null where a row names its item itself or no list may
 * hold items.
 */
export function itemListOf(objects: readonly JsonObject[]): ItemList | null {
  const values = new Set<string>()
  const lists = new Map<string, { longest: number; keys: Set<string> }>()
  for (const object of objects) {
    const cells = flattened(object, (name, list) => {
      const simple = list.every((element) => typeof element === 'string' || typeof element === 'number')
      if (!simple && !list.every(isObject)) return false
      const known = lists.get(name) ?? { longest: 0, keys: new Set() }
      known.longest = Math.max(known.longest, list.length)
      for (const element of list)
        if (isObject(element)) for (const key of flattened(element).keys()) known.keys.add(key)
      lists.set(name, known)
      return true
    })
    for (const [name, cell] of cells) if (cell !== null) values.add(name)
  }
  if ([...values].some(saysItem)) return null
  const found = [...lists].map(([name, { longest, keys }]) => ({ name, longest, keys: [...keys] }))
  const named =
    found.find(({ name }) => saysItem(name)) ??
    found.find(({ name, keys }) => keys.some(saysItem) && !ofOthers.has(roleOfName(name)?.role ?? 'item'))
  if (named) return { name: named.name, longest: named.longest, told: true }
  const names = [...values]
  const [only, ...more] = found.filter(({ name }) => !ofOthers.has(roleOfName(name)?.role ?? 'item'))
  if (!only || more.length > 0 || only.longest < 2) return null
  if (!names.some((name) => roleOfName(name)?.role === 'user')) return null
  if (names.some((name) => nameMatches(name).some(({ role }) => role === 'item' || role === 'title'))) return null
  return { name: only.name, longest: only.longest, told: false }
}
