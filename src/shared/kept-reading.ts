import type { ChosenColumns, ColumnMapping, DuplicatePolicy, SuggestedColumns } from './datasets'
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
 * How to read a newer export of a data set so that its values mean the same as the earlier ones: by the earlier choices, and by the detected order of day
 * and month and the detected marks in numbers, which a single file may not show. Everything that each file shows, such as its encoding, its separator or the unit of
 * its times, is detected again.
 */
export function keptReading(said: ReadingOverrides, choices: Reading): ReadingOverrides {
  const found: ReadingOverrides = {}
  for (const choice of choices) Object.assign(found, meantBy(choice))
  // If each file was read with its own order, the order of the next one is unknown.
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
  // Numbers with both kinds of marks have no single one.
  const decimalComma = { 'decimal point': false, 'decimal comma': true }[marks]
  if (decimalComma === undefined) return {}
  const thousands = grouped.find(([words]) => words === groups)?.[1]
  return thousands ? { decimalComma, thousands } : { decimalComma }
}

/** Words with their values, as listed in a choice. */
const valuesIn = (words: string): Record<string, number> =>
  Object.fromEntries(
    words.split(', ').map((part) => {
      const at = part.lastIndexOf(' = ')
      return [part.slice(0, at), Number(part.slice(at + 3))]
    }),
  )

/** Earlier options with new ones, which take precedence; those of the items file are merged one by one. */
export function withSaid(before: ReadingOverrides, said: ReadingOverrides): ReadingOverrides {
  const items = { ...before.items, ...said.items }
  return { ...before, ...said, ...(Object.keys(items).length > 0 ? { items } : {}) }
}

/** How the version before was read. */
export interface ReadBefore {
  readonly version: number
  readonly mapping: ColumnMapping
  readonly reading: ReadingOverrides
  readonly duplicates: DuplicatePolicy
}

/** The options that decide a choice; for other choices it is not known whether they are the same as before. */
const deciding: Partial<Record<ChoiceTopic, readonly (keyof ReadingOverrides)[]>> = {
  encoding: ['encoding'],
  separator: ['delimiter'],
  quotes: ['quote'],
  header: ['header'],
  'skipped lines': ['skip'],
  layout: ['layout', 'dropColumns', 'keepColumns', 'notRated'],
  numbers: ['decimalComma', 'thousands'],
  dates: ['dateOrder'],
  times: ['times'],
  ids: ['joinIds', 'dropUsers'],
  values: ['ratingValues', 'notRated'],
}

/**
 * The choices for a newer export. If a choice is the same as for the version before, that version is its evidence: perhaps nobody ever made the
 * choice, and the version before had only detected it.
 * @param now the options with which the newer export is read
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

/** The columns of a mapping, each once. */
export const mappedColumns = ({ user, item, rating, time, event, count, title }: ColumnMapping): string[] => [
  ...new Set([user, item, rating, time, event?.column, count, title].filter((column) => typeof column === 'string')),
]

const mappedRoles = ['user', 'item', 'rating', 'time', 'event', 'count', 'title'] as const
export type MappedRole = (typeof mappedRoles)[number]

const columnOf = (mapping: SuggestedColumns, role: MappedRole): string | null =>
  (role === 'event' ? mapping.event?.column : mapping[role]) ?? null

/** The columns of a mapping as if a person had chosen them; null for a role without a column. */
export const namedColumns = (mapping: ColumnMapping): ChosenColumns =>
  Object.fromEntries(mappedRoles.map((role) => [role, columnOf(mapping, role)]))

/** The columns of an earlier version for a newer export. */
export interface RemainingColumns {
  /** The roles that stay: with the columns that the export still has, and null where there was none. */
  readonly columns: ChosenColumns
  /** The roles whose columns the export lacks, which are detected again. */
  readonly lost: readonly { readonly role: MappedRole; readonly column: string }[]
}

/** Which columns of an earlier version a newer export still has; if it has none of them, it is another table, and no role stays. */
export function remainingColumns(mapping: ColumnMapping, has: (column: string) => boolean): RemainingColumns {
  const roles = mappedRoles.map((role) => ({ role, column: columnOf(mapping, role) }))
  const isLost = (one: (typeof roles)[number]): one is { role: MappedRole; column: string } =>
    one.column !== null && !has(one.column)
  const lost = roles.filter(isLost)
  const isOther = lost.length === roles.filter(({ column }) => column !== null).length
  const kept = roles.filter((one) => !isLost(one)).map(({ role, column }) => [role, column] as const)
  const columns: ChosenColumns = isOther ? {} : Object.fromEntries(kept)
  return { columns, lost }
}

/** Columns that were detected beside those that stay, with the weights of the event types of the earlier version. */
export const besideRemaining = <Mapping extends SuggestedColumns>(
  detected: Mapping,
  before: ColumnMapping,
  { columns }: RemainingColumns,
): Mapping => (columns.event == null ? detected : { ...detected, event: before.event })
