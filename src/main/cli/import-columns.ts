import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { ColumnMapping, FilePreview, ImportPreview } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { CountedEvent } from '../../shared/interaction-value'

/** Columns that a person names. */
export const columnOptions = z.object({
  user: z.string().optional(),
  item: z.string().optional(),
  rating: z.string().optional(),
  time: z.string().optional(),
  event: z.string().optional(),
  eventTypes: z.array(z.custom<CountedEvent>()).optional(),
  count: z.string().optional(),
})
type ColumnOptions = z.infer<typeof columnOptions>

/** commander parser of event types that count, each with its weight: `purchase=5,cart`. */
export function countedEvents(value: string): CountedEvent[] {
  const counted = value
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const at = part.lastIndexOf('=')
      const type = (at < 0 ? part : part.slice(0, at)).trim()
      const weight = at < 0 ? 1 : Number(part.slice(at + 1))
      if (type === '' || !(weight > 0 && weight < Infinity))
        throw new InvalidArgumentError(
          'It takes types, each with a weight above zero or none, as in "purchase=5,cart".',
        )
      return { type, weight }
    })
  if (counted.length === 0) throw new InvalidArgumentError('It takes at least one type, as in "purchase=5,cart".')
  return counted
}

/**
 * What was recognised, corrected by what the person named; what gives an interaction its value by name makes what was only recognised give way.
 * Throws BAD_INPUT where the user's or the item's column is still open or a column does not exist.
 */
export function chooseColumns({ ratings, mapping }: ImportPreview, named: ColumnOptions): ColumnMapping {
  const columnOf = (role: 'user' | 'item' | 'rating' | 'time' | 'count'): string | null => {
    const asked = named[role]
    if (asked === undefined) return mapping?.[role] ?? null
    return asked === 'none' ? null : existingColumn(ratings, role, asked)
  }
  const [user, item] = [columnOf('user'), columnOf('item')]
  if (user === null || item === null) {
    const missing = user === null && item === null ? 'users and items' : user === null ? 'users' : 'items'
    throw badInput(
      `No column of ${ratings.name} could be told to hold the ${missing}.`,
      `Name them with --user COL and --item COL. The file has ${columnNames(ratings)}.`,
    )
  }
  const event = eventOf(ratings, mapping, named)
  const weighs = named.eventTypes?.some(({ weight }) => weight !== 1) ?? false
  const isNamed = (asked: string | undefined): boolean => asked !== undefined && asked !== 'none'
  const rating = named.rating === undefined && (isNamed(named.count) || weighs) ? null : columnOf('rating')
  const count = named.count === undefined && isNamed(named.rating) ? null : columnOf('count')
  return {
    user,
    item,
    rating,
    time: columnOf('time'),
    ...(event ? { event } : {}),
    ...(count === null ? {} : { count }),
  }
}

function eventOf(
  file: FilePreview,
  mapping: ColumnMapping | null,
  { event, eventTypes }: ColumnOptions,
): NonNullable<ColumnMapping['event']> | null {
  if (event === 'none') return null
  const column = event === undefined ? mapping?.event?.column : existingColumn(file, 'event', event)
  if (column !== undefined) return { column, counted: eventTypes ?? mapping?.event?.counted ?? null }
  if (eventTypes === undefined) return null
  throw badInput(
    `It cannot be told which column of ${file.name} holds the types of events.`,
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

const columnNames = (file: FilePreview): string => file.columns.map(({ name }) => `"${name}"`).join(', ')
