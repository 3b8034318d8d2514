import { nameMatches, roleOfName } from './column-names'
import { wordsOf } from './name-words'
import { withClockMark } from './values/clock-text'
import { parseDate } from './values/date-text'

/** The notation of a list in cells: brackets, or the separator between the elements. */
export type ListForm = 'brackets' | '|' | ';' | ',' | ' '

/** A column whose cells contain several items each. */
export interface ItemListColumn {
  readonly column: number
  readonly form: ListForm
  /** Columns with lists of the same length in the same order, such as the ratings of these items. */
  readonly parallel: readonly number[]
  /** The sign between an item and its own number (`a:5`, `a-1`); null if the elements are only items. */
  readonly numbered: NumberSign | null
  /** An example cell with several items. */
  readonly example: string
}

/** The sign before an item's own number in a list: a rating, a count, or 1 for an item that was chosen. */
export type NumberSign = ':' | '=' | '-'

const numberedElement: Readonly<Record<NumberSign, RegExp>> = {
  ':': /^(.+):(-?\d+(?:\.\d+)?)$/s,
  '=': /^(.+)=(-?\d+(?:\.\d+)?)$/s,
  // Many ids have a number after a hyphen: only the marks of items that were chosen, or were not, are told apart from them.
  '-': /^(.+)-([01])$/s,
}

/** An item and its number; null if the element has none. */
export function itemAndNumber(element: string, sign: NumberSign): readonly [item: string, number: string] | null {
  const [, item, number] = numberedElement[sign].exec(element) ?? []
  return item === undefined || number === undefined ? null : [item, number]
}

/** The sign before the number that each element has; null if not all have one, or if the numbers may be a part of the ids. */
function numberSign(elements: readonly string[]): NumberSign | null {
  for (const sign of [':', '=', '-'] as const) {
    const pairs = elements.map((element) => itemAndNumber(element, sign))
    if (pairs.length === 0 || !pairs.every((pair) => pair !== null)) continue
    const items = new Set(pairs.map(([item]) => item))
    const numbers = new Set(pairs.map(([, number]) => number))
    if (items.size > numbers.size && (sign !== '-' || numbers.size === 2)) return sign
  }
  return null
}

const bracketed = /^\s*[[({](.*)[\])}]\s*$/s
const element = /"((?:[^"\\]|\\.|"")*)"|'((?:[^'\\]|\\.)*)'|([^\s,"'][^,]*)/g

/** The begin of an object in JSON, or of a dictionary in Python. */
export const object = /^\{\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*:/

/** The elements of a cell, or the cell itself if it is not a list. Null for lists of lists or of objects. */
export function elementsOf(cell: string, form: ListForm): string[] | null {
  const text = cell.trim()
  if (text === '') return []
  if (form !== 'brackets')
    return text
      .split(form)
      .map((element) => element.trim())
      .filter((element) => element !== '')
  const inner = bracketed.exec(text)?.[1]
  if (inner === undefined) return [text]
  if (/[[\]{}]/.test(inner) || object.test(text)) return null
  // NumPy separates with spaces where Python and JSON use commas.
  const apart = inner.includes(',') ? inner : inner.trim().replaceAll(/\s+(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/g, ',')
  return Array.from(apart.matchAll(element), ([, double, single, bare]) => (double ?? single ?? bare ?? '').trim())
}

/** Singular words that end in s. */
const singular = new Set(['business', 'news', 'series', 'isbns', 'glass', 'dress', 'address', 'atlas'])
const isPlural = (name: string): boolean => {
  const words = wordsOf(name)
  return words.some((word) => (word.endsWith('s') && !singular.has(word)) || word === 'list')
}
/** A date and a time of day separated by a space are one value. */
const isDate = (text: string): boolean => parseDate(withClockMark(text)) !== null
const isId = (text: string): boolean => /^[\p{L}\p{N}_.:=/-]+$/u.test(text)
const forms: readonly ListForm[] = ['|', ';', ',', ' ']

/** The separator of the elements in cells with several ids each; null if cells contain one id, or words. */
export const listFormOf = (cells: readonly string[]): ListForm | null => formOf(true, cells)

/** Whether a text is one number: with decimals, with its thousands grouped, or with both. */
const isNumber = (text: string): boolean =>
  /^[+-]?(?:\d+|\d{1,3}(?:[.,'\u00a0\u202f]\d{3})+)(?:[.,]\d+)?$/.test(text.trim())

/** The notation in which at least half of the cells list several items; null if there is none. */
function formOf(named: boolean, cells: readonly string[]): ListForm | null {
  const filled = cells.filter((cell) => cell.trim() !== '')
  // Web servers write times in brackets, with a space before the zone.
  if (filled.every((cell) => /\d:\d\d/.test(cell) && isDate(cell))) return null
  const brackets = filled.map((cell) => (bracketed.test(cell) ? elementsOf(cell, 'brackets') : null))
  if (brackets.every((elements) => elements !== null))
    return brackets.some(({ length }) => length > 1) ? 'brackets' : null
  if (!named || filled.every(isDate) || filled.every(isNumber)) return null
  for (const form of forms) {
    const lists = filled.map((cell) => elementsOf(cell, form) ?? [])
    if (2 * lists.filter(({ length }) => length > 1).length < filled.length) continue
    const all = lists.flat()
    // Titles also contain commas and spaces. Ids have no spaces, and they repeat or contain digits.
    const repeats = new Set(all).size < all.length
    const numbered = all.every((one) => /\d/.test(one))
    if (form === ' ' ? all.every(isId) && numbered : form === ',' ? all.every(isId) && (repeats || numbered) : true)
      return form
  }
  return null
}

/**
 * The column whose cells contain the items of a row as a list; null if each row has one item.
 * @param named whether the columns have names of their own
 * @param rows cells of the first rows, without the header
 */
export function itemListColumn(
  names: readonly string[],
  named: boolean,
  rows: readonly (readonly string[])[],
): ItemListColumn | null {
  const whole = rows.filter((row) => row.length === names.length)
  const cellsOf = (column: number): string[] => whole.map((row) => row[column] ?? '')
  const found = named ? namedList(names, cellsOf) : unnamedList(names, cellsOf)
  if (!found) return null
  const { column, form } = found
  const lists = cellsOf(column).map((cell) => elementsOf(cell, form))
  const parallel = names.flatMap((_name, other) =>
    other !== column && cellsOf(other).every((cell, row) => elementsOf(cell, form)?.length === lists[row]?.length)
      ? [other]
      : [],
  )
  const example = cellsOf(column).find((_, row) => (lists[row]?.length ?? 0) > 1) ?? ''
  return { column, form, parallel, numbered: numberSign(lists.flatMap((list) => list ?? [])), example }
}

interface FoundList {
  readonly column: number
  readonly form: ListForm
}

/** The list of items in a table with a header: a column named like items, or the only list in columns whose names say nothing. */
function namedList(names: readonly string[], cellsOf: (column: number) => string[]): FoundList | null {
  const items = names.flatMap((name, column) =>
    roleOfName(name)?.role === 'item' ? [{ name, column, form: formOf(isPlural(name), cellsOf(column)) }] : [],
  )
  // If another column identifies the row's item, the list contains something else.
  if (items.some(({ name, form }) => form === null && roleOfName(name)?.whole)) return null
  const unnamed = (): typeof items =>
    names.flatMap((name, column) =>
      nameMatches(name).length === 0 ? [{ name, column, form: formOf(true, cellsOf(column)) }] : [],
    )
  const [found, ...more] = (items.length > 0 ? items : unnamed()).filter(({ form }) => form !== null)
  if (!found?.form || (more.length > 0 && items.length === 0)) return null
  return { column: found.column, form: found.form }
}

/** The list of items in a table without a header: the only list of ids, or the only one whose ids have a number each. */
function unnamedList(names: readonly string[], cellsOf: (column: number) => string[]): FoundList | null {
  const lists = names.flatMap((_, column) => {
    const form = formOf(true, cellsOf(column))
    if (form === null) return []
    const elements = cellsOf(column).flatMap((cell) => elementsOf(cell, form) ?? [])
    if (!elements.every((one) => isId(one) && /\d/.test(one)) || elements.every(isNumberWithDecimals)) return []
    return [{ column, form, sign: numberSign(elements) }]
  })
  const numbered = lists.filter(({ sign }) => sign !== null)
  const [found, rival] = numbered.length > 0 ? numbered : lists
  return found && !rival ? found : null
}

/** Several numbers with decimals are a place on a map rather than items. */
const isNumberWithDecimals = (text: string): boolean => /^-?\d+\.\d+$/.test(text)
