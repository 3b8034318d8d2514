import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type {
  ChosenColumns,
  ColumnMapping,
  FilePreview,
  ImportPreview,
  ItemColumnMapping,
  SuggestedColumns,
} from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { CountedEvent } from '../../shared/interaction-value'
import { noUsers, objectsLeftOut } from '../../shared/reading'

/** Options for the columns. */
export const columnOptions = z.object({
  user: z.string().optional(),
  item: z.string().optional(),
  rating: z.string().optional(),
  time: z.string().optional(),
  event: z.string().optional(),
  eventTypes: z.array(z.custom<CountedEvent>()).optional(),
  count: z.string().optional(),
  title: z.string().optional(),
})
type ColumnOptions = z.infer<typeof columnOptions>

/** commander parser of event types that count, each with its weight: `purchase=5,cart`. */
function countedEvents(value: string): CountedEvent[] {
  const counted = value
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const at = entry.lastIndexOf('=')
      const type = (at < 0 ? entry : entry.slice(0, at)).trim()
      const weight = at < 0 ? 1 : Number(entry.slice(at + 1))
      if (type === '' || !(weight > 0 && weight < Infinity))
        throw new InvalidArgumentError(
          'It takes event types, optionally each with a weight above zero, as in "purchase=5,cart".',
        )
      return { type, weight }
    })
  if (counted.length === 0) throw new InvalidArgumentError('It takes at least one event type, as in "purchase=5,cart".')
  return counted
}

export const addColumnOptions = (command: Command): Command =>
  command
    .option('--user <column>', 'column of the user')
    .option('--item <column>', 'column of the item')
    .option('--rating <column>', 'column of the rating; none: every row counts as liked')
    .option('--time <column>', 'column of the time; none: rows are in time order')
    .option('--event <column>', 'column of the event type, such as view or purchase')
    .option('--event-types <list>', 'event types that count, optionally with weights: purchase=5,cart', countedEvents)
    .option('--count <column>', 'column of counts, such as plays; stored like ratings')
    .option(
      '--title <column>',
      'column of the item’s title; none: items are called by their ids, or as an items file says',
    )

/**
 * The columns in the options, for the preview, which recognises the others; null: none has this role.
 * A named column for a value of the interactions replaces a recognised one for another kind of value.
 */
export function chosenColumns(named: ColumnOptions): ChosenColumns {
  const isNamed = (asked: string | undefined): boolean => asked !== undefined && asked !== 'none'
  const weighs = named.eventTypes?.some(({ weight }) => weight !== 1) ?? false
  const chosen: ChosenColumns = {}
  for (const role of ['user', 'item', 'rating', 'time', 'event', 'count', 'title'] as const) {
    const asked = named[role]
    if (asked !== undefined) chosen[role] = asked === 'none' ? null : asked
  }
  if (named.eventTypes !== undefined) chosen.eventTypes = true
  if (chosen.rating === undefined && (isNamed(named.count) || weighs)) chosen.rating = null
  if (chosen.count === undefined && isNamed(named.rating)) chosen.count = null
  return chosen
}

/**
 * The named columns and the recognised ones. Throws BAD_INPUT if the user's or the item's column is not recognised or a column
 * does not exist.
 */
export function chooseColumns(
  { ratings, mapping, choices, refusal }: ImportPreview,
  named: ColumnOptions,
): ColumnMapping {
  const chosen = chosenColumns(named)
  const columnOf = (role: 'user' | 'item' | 'rating' | 'time' | 'count' | 'title'): string | null => {
    const asked = chosen[role]
    if (asked === undefined) return mapping[role] ?? null
    return asked === null ? null : existingColumn(ratings, role, asked)
  }
  const [user, item] = [columnOf('user'), columnOf('item')]
  if (user === null || item === null) {
    if (ratings.examined?.whole === true && ratings.examined.rows === 0)
      throw badInput(`${ratings.name} has a header but no rows.`, 'Export it again, or choose another file.')
    // A refused column of times is no reason for a missing column of users.
    const isOpen = (['user', 'item'] as const).some((role) => mapping[role] === null && chosen[role] === undefined)
    if (isOpen && refusal) throw badInput(refusal.message, refusal.next)
    const missing = user === null && item === null ? 'users and items' : user === null ? 'users' : 'items'
    const why =
      choices.find(({ about, value }) => about === 'column' && value === noUsers) ??
      choices.find(({ about, value }) => about === 'column' && value === objectsLeftOut)
    throw badInput(
      `No column of ${ratings.name} was recognised as ${missing}.${why ? ` ${why.evidence}` : ''}`,
      `Name them with --user COL and --item COL${
        mayBeCutWrongly(ratings)
          ? '; as the names of its columns look like whole lines, first choose the separator with --delimiter, or the lines above the table with --skip LINES'
          : ''
      }. The file has ${columnsWithSamples(ratings)}.`,
    )
  }
  const event = eventOf(ratings, mapping, named)
  const [count, title] = [columnOf('count'), columnOf('title')]
  return {
    user,
    item,
    rating: columnOf('rating'),
    time: columnOf('time'),
    ...(event ? { event } : {}),
    ...(count === null ? {} : { count }),
    ...(title === null ? {} : { title }),
  }
}

/** A name of a column has few words; a line that was not cut into its values has many. */
const mostWords = 5
const mayBeCutWrongly = ({ format, columns }: FilePreview): boolean =>
  format === 'delimited text' &&
  columns.some(({ name }) => name.startsWith('#') || name.trim().split(/\s+/).length > mostWords)

function eventOf(
  file: FilePreview,
  mapping: SuggestedColumns,
  { event, eventTypes }: ColumnOptions,
): NonNullable<ColumnMapping['event']> | null {
  if (event === 'none') return null
  const column = event === undefined ? mapping.event?.column : existingColumn(file, 'event', event)
  if (column !== undefined) return { column, counted: eventTypes ?? mapping.event?.counted ?? null }
  if (eventTypes === undefined) return null
  throw badInput(
    `No column of ${file.name} was recognised as event types.`,
    `Name it with --event COL. The file has ${columnNames(file)}.`,
  )
}

function existingColumn(file: FilePreview, role: string, asked: string): string {
  const found =
    file.columns.find(({ name }) => name === asked) ??
    file.columns.find(({ name }) => name.toLowerCase() === asked.toLowerCase())
  if (found) return found.name
  throw badInput(`${file.name} has no column "${asked}".`, `Choose the ${role} column among ${columnNames(file)}.`)
}

/**
 * The columns of the items file: the named ones, and otherwise the recognised ones; null if there is no such file. Throws
 * BAD_INPUT if no column is recognised as the ids, one does not exist, or columns are named without a file.
 */
export function chooseItemColumns(
  { ratings, items, itemMapping }: ImportPreview,
  named: {
    readonly itemsItem?: string | undefined
    readonly itemsTitle?: string | undefined
    readonly itemsGenres?: string | undefined
  },
): ItemColumnMapping | null {
  const { itemsItem, itemsTitle, itemsGenres } = named
  const isNamed = [itemsItem, itemsTitle, itemsGenres].some((column) => column !== undefined)
  if (!items) {
    if (!isNamed) return null
    throw badInput(
      `Columns of the items file are given, but there is no items file with ${ratings.name}.`,
      'Give it with --items FILE, or leave out --items-item, --items-title and --items-genres.',
    )
  }
  if (!isNamed) return itemMapping
  const item = itemsItem === undefined ? itemMapping?.item : existingColumn(items, 'item id', itemsItem)
  if (item === undefined)
    throw badInput(
      `No column of ${items.name} was recognised as item ids.`,
      `Name it with --items-item COLUMN. The file has ${columnNames(items)}.`,
    )
  const columnOf = (role: string, asked: string | undefined, found: string | null): string | null => {
    if (asked === 'none') return null
    if (asked !== undefined) return existingColumn(items, role, asked)
    // A column can have only one role.
    return [item, ...[itemsTitle, itemsGenres]].includes(found ?? '') ? null : found
  }
  return {
    item,
    title: columnOf('title', itemsTitle, itemMapping?.title ?? null),
    genres: columnOf('genres', itemsGenres, itemMapping?.genres ?? null),
  }
}

const columnNames = (file: FilePreview): string => file.columns.map(({ name }) => `"${name}"`).join(', ')

/** Columns with some of their values; the first ones of a wide file. */
function columnsWithSamples({ columns }: FilePreview): string {
  const shown = columns.slice(0, 20).map(({ name, samples }) => {
    const values = samples.slice(0, 3).map((value) => (value.length > 20 ? `${value.slice(0, 20)}…` : value))
    return `"${name}" (${values.length === 0 ? 'empty' : values.join(', ')})`
  })
  return shown.join(', ') + (columns.length > shown.length ? ', …' : '')
}
