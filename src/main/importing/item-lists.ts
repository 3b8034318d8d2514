import { nameMatches, roleOfName, wordsOf } from './column-names'
import { parseDate, withClockMark } from './values/date-text'

/** How cells write a list: between brackets, or with a sign between the elements. */
export type ListForm = 'brackets' | '|' | ';' | ',' | ' '

/** A column whose cells hold several items each. */
export interface ItemListColumn {
  readonly column: number
  readonly form: ListForm
  /** Columns whose lists have as many elements as that of their row, in their order: the ratings of these items. */
  readonly parallel: readonly number[]
  /** A cell with several. */
  readonly example: string
}

const bracketed = /^\s*[[({](.*)[\])}]\s*$/s
const element = /"((?:[^"\\]|\\.|"")*)"|'((?:[^'\\]|\\.)*)'|([^\s,"'][^,]*)/g

/** The elements of a cell; of one that holds no list, the cell itself. Null for lists of lists or of objects. */
export function elementsOf(cell: string, form: ListForm): string[] | null {
  const text = cell.trim()
  if (text === '') return []
  if (form !== 'brackets')
    return text
      .split(form)
      .map((part) => part.trim())
      .filter((part) => part !== '')
  const inner = bracketed.exec(text)?.[1]
  if (inner === undefined) return [text]
  if (/[[\]{}]/.test(inner)) return null
  // numpy writes spaces where Python and JSON write commas.
  const apart = inner.includes(',') ? inner : inner.trim().replaceAll(/\s+(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/g, ',')
  return Array.from(apart.matchAll(element), ([, double, single, bare]) => (double ?? single ?? bare ?? '').trim())
}

/** Words that end like a plural and are none. */
const singular = new Set(['business', 'news', 'series', 'isbns', 'glass', 'dress', 'address', 'atlas'])
const isPlural = (name: string): boolean => {
  const words = wordsOf(name)
  return words.some((word) => (word.endsWith('s') && !singular.has(word)) || word === 'list')
}
/** A day and a time of day with a space between are one value. */
const isDate = (text: string): boolean => parseDate(withClockMark(text)) !== null
const isId = (text: string): boolean => /^[\p{L}\p{N}_.:/-]+$/u.test(text)
const forms: readonly ListForm[] = ['|', ';', ',', ' ']

/** What stands between the elements of cells that hold several ids each; null where they hold one, or words. */
export const listFormOf = (cells: readonly string[]): ListForm | null => formOf(true, cells)

/** Whether a text is one number: with decimals, with its thousands grouped, or with both. */
const isNumber = (text: string): boolean =>
  /^[+-]?(?:\d+|\d{1,3}(?:[.,'\u00a0\u202f]\d{3})+)(?:[.,]\d+)?$/.test(text.trim())

/** The form in which at least half of the cells hold several elements that are items; null where there is none. */
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
    // Titles hold commas and spaces, too; ids have no spaces, and they repeat or have digits.
    const repeats = new Set(all).size < all.length
    const numbered = all.every((one) => /\d/.test(one))
    if (form === ' ' ? all.every(isId) && numbered : form === ',' ? all.every(isId) && (repeats || numbered) : true)
      return form
  }
  return null
}

/**
 * The column of a table whose cells hold the items of a row as a list; null where rows name one item each.
 * @param rows cells of the first rows, without the header
 */
export function itemListColumn(names: readonly string[], rows: readonly (readonly string[])[]): ItemListColumn | null {
  const whole = rows.filter((row) => row.length === names.length)
  const cellsOf = (column: number): string[] => whole.map((row) => row[column] ?? '')
  const items = names.flatMap((name, column) =>
    roleOfName(name)?.role === 'item' ? [{ name, column, form: formOf(isPlural(name), cellsOf(column)) }] : [],
  )
  // Where another column names the item of a row, the list is of something else.
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
