import type { ColumnMapping } from './datasets'
import type { Choice, DateOrder, Reading, ReadingOverrides, ThousandsSign } from './reading'

const orders: Readonly<Record<string, DateOrder>> = {
  'day first': 'dayFirst',
  'month first': 'monthFirst',
  'year first': 'yearFirst',
}
const grouped: readonly (readonly [words: string, sign: ThousandsSign])[] = [
  ['by commas', 'comma'],
  ['by points', 'point'],
  ['by spaces', 'space'],
  ['by apostrophes', 'apostrophe'],
]

/**
 * How a newer export of a data set is to be read so that its values mean what the earlier ones do: what a person said, and what was found of the order
 * of day and month and of the marks in numbers, which a file need not prove by itself. What every file shows, as its encoding, its separator or the unit of its
 * times, is told anew.
 */
export function keptReading(said: ReadingOverrides, choices: Reading): ReadingOverrides {
  const found: ReadingOverrides = {}
  for (const choice of choices) Object.assign(found, meantBy(choice))
  return { ...found, ...said }
}

function meantBy({ about, value }: Choice): ReadingOverrides {
  if (about === 'dates') {
    const dateOrder = orders[value]
    return dateOrder ? { dateOrder } : {}
  }
  if (about !== 'numbers') return {}
  const [marks = '', groups = ''] = value.split(', thousands grouped ')
  // Numbers of both kinds beside each other have no one mark.
  const decimalComma = { 'decimal point': false, 'decimal comma': true }[marks]
  if (decimalComma === undefined) return {}
  const thousands = grouped.find(([words]) => words === groups)?.[1]
  return thousands ? { decimalComma, thousands } : { decimalComma }
}

/** What was said before with what is said now, which wins; of the file of items one by one, too. */
export function withSaid(before: ReadingOverrides, said: ReadingOverrides): ReadingOverrides {
  const items = { ...before.items, ...said.items }
  return { ...before, ...said, ...(Object.keys(items).length > 0 ? { items } : {}) }
}

/** Columns that a mapping names, each once. */
export const mappedColumns = ({ user, item, rating, time, event, count }: ColumnMapping): string[] => [
  ...new Set([user, item, rating, time, event?.column, count].filter((column) => typeof column === 'string')),
]
