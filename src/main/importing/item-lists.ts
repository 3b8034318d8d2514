import { nameMatches, roleOfName, wordsOf } from './column-names'
import { parseDate, withClockMark } from './values/date-text'

/** The notation of a list in cells: brackets, or the separator between the elements. */
export type ListForm = 'brackets' | '|' | ';' | ',' | ' '

/** A column whose cells contain several items each. */
export interface ItemListColumn {
  readonly column: number
  readonly form: ListForm
  /** Columns with lists of the same length in the same order, such as the ratings of these items. */
  readonly parallel: readonly number[]
  /** An example cell with several items. */
  readonly example: string
}

const bracketed = /^\s*[[({](.*)[\])}]\s*$/s
const element = /"((?:[^"\\]|\\.|"")*)"|'((?:[^'\\]|\\.)*)'|([^\s,"'][^,]*)/g

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
  if (/[[\]{}]/.test(inner)) return null
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
const isId = (text: string): boolean => /^[\p{L}\p{N}_.:/-]+$/u.test(text)
const forms: readonly ListForm[] = ['|', ';', ',', ' ']

/** The separator of the elements in cells with several ids each; null if cells contain one id, or words. */
export const listFormOf = (cells: readonly string[]): ListForm | null => formOf(true, cells)

/** Whether a text is one number: with decimals, with its thousands grouped, or with both. */
const isNumber = (text: string): boolean =>
  /^[+-]?(?:\d+|\d{1,3}(?:[.,'\u00a0\u202f]\d{3})+)(?:[.,]\d+)?$/.test(text.trim())

/** The notation in which at least half of the cells list several items; null if there is none. */
function formOf(named: boolean, cells: readonly string[]): ListForm | null {
  const filled = cells.filter((cell) => cell.trim() !== '')
  if (filled.length === 0) return null
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
 * @param rows cells of the first rows, without the header
 */
export function itemListColumn(names: readonly string[], rows: readonly (readonly string[])[]): ItemListColumn | null {
  const whole = rows.filter((row) => row.length === names.length)
  const cellsOf = (column: number): string[] => whole.map((row) => row[column] ?? '')
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
  const { column, form } = found
  const lengths = cellsOf(column).map((cell) => elementsOf(cell, form)?.length ?? 0)
  const parallel = names.flatMap((_name, other) =>
    other !== column && cellsOf(other).every((cell, row) => elementsOf(cell, form)?.length === lengths[row])
      ? [other]
      : [],
  )
  const example = cellsOf(column).find((cell) => (elementsOf(cell, form)?.length ?? 0) > 1) ?? ''
  return { column, form, parallel, example }
}
