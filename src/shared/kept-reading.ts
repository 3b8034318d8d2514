import type { ColumnMapping } from './datasets'
import type { Choice, ChoiceTopic, DateOrder, Reading, ReadingOverrides, ThousandsSign } from './reading'

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
 * How a newer export of a data set is to be read so that its values mean what the earlier ones do: by the choices that were made, and by the order of day
 * and month and the marks in numbers that were found, which one file may not show. What every file shows, such as its encoding, its separator or the unit of
 * its times, is detected again.
 */
export function keptReading(said: ReadingOverrides, choices: Reading): ReadingOverrides {
  const found: ReadingOverrides = {}
  for (const choice of choices) Object.assign(found, meantBy(choice))
  // Files that were each read in their own order say nothing of the next one.
  const orders = new Set(choices.flatMap((choice) => meantBy(choice).dateOrder ?? []))
  if (orders.size > 1) delete found.dateOrder
  return { ...found, ...said }
}

function meantBy({ about, value }: Choice): ReadingOverrides {
  if (about === 'dates') {
    const dateOrder = orders[value]
    return dateOrder ? { dateOrder } : {}
  }
  if (about === 'values') {
    const words = /^words as ratings: (.+)$/.exec(value)?.[1]
    return words === undefined ? {} : { ratingValues: valuesIn(words) }
  }
  if (about !== 'numbers') return {}
  const [marks = '', groups = ''] = value.split(', thousands grouped ')
  // Numbers of both kinds beside each other have no one mark.
  const decimalComma = { 'decimal point': false, 'decimal comma': true }[marks]
  if (decimalComma === undefined) return {}
  const thousands = grouped.find(([words]) => words === groups)?.[1]
  return thousands ? { decimalComma, thousands } : { decimalComma }
}

/** Words with their values, as a choice lists them. */
const valuesIn = (words: string): Record<string, number> =>
  Object.fromEntries(
    words.split(', ').map((part) => {
      const at = part.lastIndexOf(' = ')
      return [part.slice(0, at), Number(part.slice(at + 3))]
    }),
  )

/** What was said before with what is said now, which wins; of the file of items one by one, too. */
export function withSaid(before: ReadingOverrides, said: ReadingOverrides): ReadingOverrides {
  const items = { ...before.items, ...said.items }
  return { ...before, ...said, ...(Object.keys(items).length > 0 ? { items } : {}) }
}

/** How the version before was read: what a newer export can have in common with it. */
export interface ReadBefore {
  readonly version: number
  readonly mapping: ColumnMapping
  readonly reading: ReadingOverrides
}

/** The option that decides a choice; for other choices it is not known whether they are as before. */
const deciding: Partial<Record<ChoiceTopic, readonly (keyof ReadingOverrides)[]>> = {
  encoding: ['encoding'],
  separator: ['delimiter'],
  quotes: ['quote'],
  header: ['header'],
  'skipped lines': ['skip'],
  layout: ['layout'],
  numbers: ['decimalComma', 'thousands'],
  dates: ['dateOrder'],
  times: ['times'],
  ids: ['joinIds', 'dropUsers'],
  values: ['ratingValues'],
}

/**
 * The choices of a newer export, with the version before for evidence where they were made as then: perhaps nobody has ever said so, and that version
 * had only found it.
 * @param now what the newer export is read by
 */
export function asVersionBefore(choices: Reading, before: ReadBefore, now: ReadingOverrides): Choice[] {
  // The file of items has its own layout.
  const said = (reading: ReadingOverrides, control: string): ReadingOverrides =>
    control.startsWith('Items ') ? (reading.items ?? {}) : reading
  const columns: Readonly<Record<string, string | null | undefined>> = {
    ...before.mapping,
    event: before.mapping.event?.column,
  }
  return choices.map((choice) => {
    const { about, column, value, evidence, control } = choice
    const same = (key: keyof ReadingOverrides): boolean =>
      JSON.stringify(said(now, control)[key]) === JSON.stringify(said(before.reading, control)[key])
    const asThen =
      about === 'column' ? column !== null && columns[value] === column : (deciding[about]?.every(same) ?? false)
    if (!asThen) return choice
    return {
      ...choice,
      evidence: evidence.replace(/^(You said so|It was chosen)(?=[.,])/, `As in version ${before.version}`),
    }
  })
}

/** Columns that a mapping names, each once. */
export const mappedColumns = ({ user, item, rating, time, event, count, title }: ColumnMapping): string[] => [
  ...new Set([user, item, rating, time, event?.column, count, title].filter((column) => typeof column === 'string')),
]
