import { jsonOfLoose } from './loose-json'
import type { Cell } from './text-writer'
import { isObject, type JsonObject, typedRow, untyped, withoutMongoType } from './typed-values'

/**
 * Parses a JSON text. Numbers that a double cannot represent (ids of twenty digits) stay texts, and values wrapped in MongoDB's
 * types are unwrapped. Returns undefined for invalid JSON.
 */
export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' && context?.source !== undefined ? context.source : withoutMongoType(value),
    )
  } catch {
    return undefined
  }
}

/** Parses an object from JSON or nearly JSON (see `jsonOfLoose`); null if the text is not an object. */
export function objectOf(text: string): { readonly object: JsonObject; readonly loose: boolean } | null {
  const written = jsonValue(text)
  // Objects that were serialised twice are JSON strings.
  const value = typeof written === 'string' ? jsonValue(written) : written
  if (isObject(value)) return { object: value, loose: false }
  const json = value === undefined ? jsonOfLoose(text) : null
  const object = json === null ? undefined : jsonValue(json)
  return isObject(object) ? { object, loose: true } : null
}

/** Nested objects become columns down to this depth. */
const deepest = 4

const isScalar = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** [{"id": 1, "name": "Drama"}] and ["Drama"] → ["Drama"]; null for other lists. */
function namesOf(typed: readonly unknown[]): string[] | null {
  const list = typed.map(untyped)
  if (list.every(isScalar)) return list.map(String)
  const names = list.map((element) => (isObject(element) ? element.name : undefined))
  return names.every((name): name is string => typeof name === 'string') ? names : null
}

/** The document in a result of Elasticsearch or OpenSearch, which adds an index, an id and a score of its own; null for other objects. */
export const documentOf = (object: JsonObject): JsonObject | null =>
  isObject(object._source) && ['_index', '_id', '_score'].some((key) => key in object) ? object._source : null

/** The row without the wrapper that a program added. */
const rowOf = (object: JsonObject): JsonObject => documentOf(object) ?? typedRow(object) ?? object

/** The list in a value, which may be serialised as a text; null if the value is not a list. */
function listOf(value: unknown): readonly unknown[] | null {
  const list: unknown = typeof value === 'string' && /^\s*\[[^]*\]\s*$/.test(value) ? jsonValue(value) : value
  return Array.isArray(list) ? list : null
}

/**
 * An object's values by column. Values of nested objects, also of serialised ones, get dotted names (`user.id`); lists of words, or
 * of objects with a name, are joined with `|` like genres.
 * @param takes whether the caller handles a list itself, so that it is not a value
 */
export function flattened(
  object: JsonObject,
  takes: (name: string, list: readonly unknown[]) => boolean = () => false,
): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  const add = (name: string, typed: unknown, depth: number): void => {
    const value = untyped(typed)
    const list = listOf(value)
    if (list && takes(name, list)) return
    if (value === null || value === undefined) cells.set(name, null)
    else if (isObject(value) && depth < deepest)
      for (const [key, inner] of Object.entries(value)) add(`${name}.${key}`, inner, depth + 1)
    else if (typeof value === 'string' && /^\s*\{[^]*\}\s*$/.test(value) && depth < deepest) {
      const inner = jsonValue(value)
      if (isObject(inner)) add(name, inner, depth)
      else cells.set(name, value)
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      cells.set(name, value)
    else cells.set(name, (Array.isArray(value) ? namesOf(value)?.join('|') : undefined) ?? JSON.stringify(value))
  }
  for (const [key, value] of Object.entries(rowOf(object))) add(key, value, 1)
  return cells
}

/**
 * The rows of an object: one row or, if its items are in a list, one row per item.
 * @param unfolded the columns of the lists whose elements are rows, each nested in the one before
 */
export function rowsOf(object: JsonObject, unfolded: readonly string[]): Map<string, Cell>[] {
  const [outer, ...inner] = unfolded
  if (outer === undefined) return [flattened(object)]
  const lists: (readonly unknown[])[] = []
  const common = flattened(object, (name, list) => {
    if (name !== outer) return false
    lists.push(list)
    return true
  })
  const [elements] = lists
  if (!elements) return [common]
  return elements.flatMap((element) => rowsOf({ [outer]: element }, inner).map((row) => new Map([...common, ...row])))
}
