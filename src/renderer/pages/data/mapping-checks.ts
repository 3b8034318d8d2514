import type {
  ColumnMapping,
  FilePreview,
  ItemColumnMapping,
  PreviewColumn,
  SuggestedColumns,
} from '../../../shared/datasets'
import type { Choice, Reading } from '../../../shared/reading'
import { formatCount, formatCounted } from '../../../shared/format'
import type { ImportForecast } from '../../../shared/import-forecast'
import { type CountedEvent, hasValue, valueInWords, weighted } from '../../../shared/interaction-value'

export interface MappingCheck {
  /** `open`: no problem is known, but its rows have not been read, or the check is not about rows. */
  readonly mark: 'fine' | 'open' | 'problem'
  readonly text: string
}

/** The role of a column of interactions. */
export type Role = 'user' | 'item' | 'rating' | 'time' | 'event' | 'count' | 'title'

/** The mapping in the form: a column may still be missing. */
export interface DraftMapping {
  user: string | null
  item: string | null
  rating: string | null
  time: string | null
  event: string | null
  /** Event types that count; null: all. */
  counted: CountedEvent[] | null
  count: string | null
  /** Of the items. */
  title: string | null
}

export const draftOf = (mapping: SuggestedColumns | null): DraftMapping => ({
  user: mapping?.user ?? null,
  item: mapping?.item ?? null,
  rating: mapping?.rating ?? null,
  time: mapping?.time ?? null,
  event: mapping?.event?.column ?? null,
  counted: mapping?.event?.counted?.map((type) => ({ ...type })) ?? null,
  count: mapping?.count ?? null,
  title: mapping?.title ?? null,
})

const eventOf = ({ event, counted }: DraftMapping): ColumnMapping['event'] =>
  event === null ? null : { column: event, counted }

/** The mapping to be sent, or `null` if a required column is missing, a column is used twice, or two values exclude each other. */
export function complete(draft: DraftMapping): ColumnMapping | null {
  const { user, item, rating, time, count, title } = draft
  if (user === null || item === null || duplicates(draft).length > 0 || contradiction(draft) !== null) return null
  const event = eventOf(draft)
  return {
    user,
    item,
    rating,
    time,
    ...(event ? { event } : {}),
    ...(count === null ? {} : { count }),
    ...(title === null ? {} : { title }),
  }
}

/** The columns that have a role, each with its role. */
export function rolesOf({ user, item, rating, time, event, count, title }: DraftMapping): Record<string, string> {
  const columns = { user, item, rating, time, event, count, title }
  return Object.fromEntries(
    Object.entries(columns).flatMap(([role, column]) => (column === null ? [] : [[column, role]])),
  )
}

const columnsOf = ({ user, item, rating, time, event, count, title }: DraftMapping): string[] =>
  [user, item, rating, time, event, count, title].filter((column) => column !== null)

function duplicates(draft: DraftMapping): string[] {
  const used = columnsOf(draft)
  return [...new Set(used.filter((column, index) => used.indexOf(column) !== index))]
}

/** Why the chosen columns cannot be combined. */
function contradiction(draft: DraftMapping): string | null {
  if (draft.event !== null && draft.counted?.length === 0) return 'Choose at least one type of event that counts.'
  if (draft.rating !== null && draft.count !== null)
    return 'A rating and a count are both the value of an interaction: choose one.'
  if (draft.rating !== null && weighted({ event: eventOf(draft) }))
    return 'Ratings cannot be weighted by event type: set all weights to 1, or choose no rating.'
  return null
}

const columnOf = (file: FilePreview, column: string): PreviewColumn | undefined =>
  file.columns.find(({ name }) => name === column)

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text.replace(',', '.')))
const isTime = (text: string): boolean => isNumber(text) || !Number.isNaN(Date.parse(text))

/** A problem of a column: in how many of the first rows, judged by the samples if there are no statistics; null: none. */
function oddOnes(
  { name, statistics, samples }: PreviewColumn,
  what: 'number' | 'time',
  examined: number,
): string | null {
  const odd = samples.find((sample) => !(what === 'number' ? isNumber(sample) : isTime(sample)))
  const wrong =
    statistics && examined - statistics.empty - statistics.numbers - (what === 'time' ? statistics.times : 0)
  if (wrong === 0 || (!statistics && odd === undefined)) return null
  if (!wrong) return `“${name}” contains “${odd ?? ''}”, which is not a ${what}.`
  const example = odd === undefined ? '' : `, as “${odd}”`
  return `“${name}” is not a ${what} in ${formatCount(wrong)} of the ${formatCounted(examined, 'row')} examined${example}.`
}

/** The role that a reason for rejecting rows belongs to, by its first words. */
const reasonsOf: Readonly<Record<'user' | 'item' | 'rating' | 'count' | 'time', RegExp>> = {
  user: /^no user/,
  item: /^no item/,
  rating: /^(?:no rating|rating )/,
  count: /^(?:no count|count )/,
  time: /^(?:no time|time )/,
}

/** Whether a choice reports rows that are left out because of their times. */
const leavesOut = ({ about, column, value, evidence }: Choice, times: string): boolean =>
  column === times && (about === 'times' || about === 'dates') && /left out|rejected/.test(`${value} ${evidence}`)

/**
 * The checks of a mapping: by the forecast, which reads the rows as the import does, once it is known; before that by the preview alone.
 * Times that a choice reports as left out are not reported again. A column has a tick if the forecast read all its rows and rejects none of them.
 */
export function checkMapping(
  file: FilePreview,
  draft: DraftMapping,
  forecast: Pick<ImportForecast, 'rows' | 'rejected'> | null = null,
  choices: Reading = [],
): MappingCheck[] {
  const checks: MappingCheck[] = []
  const problem = (text: string): void => void checks.push({ mark: 'problem', text })
  const fine = (text: string): void => void checks.push({ mark: forecast ? 'fine' : 'open', text })
  const said = (text: string): void => void checks.push({ mark: 'open', text })
  const rejected = (role: keyof typeof reasonsOf): string | null => {
    const reasons = forecast?.rejected.filter(({ what }) => reasonsOf[role].test(what)) ?? []
    const [first] = reasons
    if (!first || !forecast) return null
    const rows = reasons.reduce((sum, reason) => sum + reason.rows, 0)
    return `“${draft[role] ?? ''}”: ${formatCount(rows)} of ${formatCounted(forecast.rows, 'row')} cannot be used: ${first.what}.`
  }
  const empty = (column: string): string | null => {
    const blank = columnOf(file, column)?.statistics?.empty ?? 0
    return blank > 0 ? `“${column}” is empty in ${formatCounted(blank, 'row')}.` : null
  }
  const tick = (role: keyof typeof reasonsOf, column: string, shown: string | null, text: string): void => {
    const wrong = forecast ? rejected(role) : (empty(column) ?? shown)
    if (wrong === null) fine(text)
    else if (role !== 'time' || !choices.some((choice) => leavesOut(choice, column))) problem(wrong)
  }
  for (const role of ['user', 'item'] as const) {
    const column = draft[role]
    // Missing columns are listed as problems of the reading.
    if (column !== null) tick(role, column, null, `${role === 'user' ? 'Users' : 'Items'} come from “${column}”.`)
  }
  for (const column of duplicates(draft)) problem(`“${column}” is chosen twice.`)
  const against = contradiction(draft)
  if (against !== null) problem(against)
  const examined = file.examined?.rows ?? 0
  for (const [role, words, what] of [
    ['rating', 'Ratings', 'number'],
    ['count', 'Counts', 'number'],
    ['time', 'Times', 'time'],
  ] as const) {
    const column = draft[role] === null ? undefined : columnOf(file, draft[role])
    if (!column) continue
    const text = `${words} in “${column.name}” ${what === 'number' ? 'are numbers' : 'can be read'}.`
    tick(role, column.name, oddOnes(column, what, examined), text)
  }
  if (against === null) {
    const values = { rating: draft.rating, count: draft.count, event: eventOf(draft) }
    if (hasValue(values)) said(`Stored as an interaction’s value, on which thresholds work: ${valueInWords(values)}.`)
    else said('No rating column: every row counts as one interaction.')
  }
  return checks
}

/** Items need at least an id; without an id column the items file is left out. */
export const completeItems = (draft: {
  item: string | null
  title: string | null
  genres: string | null
}): ItemColumnMapping | null => (draft.item === null ? null : { ...draft, item: draft.item })
