import { nameMatches } from './column-names'
import { wordsOf } from './name-words'
import { elementsOf, type ItemListColumn, listFormOf } from './item-lists'

/** Words for what comes after a list: `next_item`, `target_item`. */
const afterWords = new Set('next target following naechster nachster suivant siguiente'.split(' '))

/**
 * The column with the item that follows the list of a row’s previous items, as in data for predicting it; null if there is none, or if the items of the list
 * have values of their own, which it would lack.
 */
export function nextItemColumn(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  { column, form, parallel, numbered }: ItemListColumn,
): number | null {
  if (parallel.length > 0 || numbered !== null) return null
  const ofList = new Set(wordsOf(names[column] ?? '').map((word) => word.replace(/s$/, '')))
  const found = names.flatMap((name, at) => {
    const words = wordsOf(name)
    const isAfter = at !== column && words.some((word) => afterWords.has(word))
    const isItem = words.some((word) => ofList.has(word)) || nameMatches(name).some(({ role }) => role === 'item')
    return isAfter && isItem ? [at] : []
  })
  const [next] = found
  if (next === undefined || found.length > 1) return null
  const cells = rows.map((row) => row[next] ?? '')
  const isSingle = listFormOf(cells) === null && cells.every((cell) => (elementsOf(cell, form)?.length ?? 2) <= 1)
  return isSingle ? next : null
}

/** The name of a column to number the rows as visits of their own; null if a column says whose rows they are. */
export function sessionColumn(names: readonly string[]): string | null {
  if (names.some((name) => nameMatches(name).some(({ role }) => role === 'user'))) return null
  return names.includes('session') ? 'session of row' : 'session'
}
