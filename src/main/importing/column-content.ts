import type { ColumnStatistics } from '../../shared/datasets'
import { formatCount, formatCounted } from '../../shared/format'
import { type NameMatch, nameMatches, saysAmount, saysDuration, saysKey, saysPeople } from './column-names'
import { isStars, namedScale } from './values/number-shapes'
import { againstOf, mostlySayDoing, saysDoing, yesOf } from './event-words'
import { object } from './item-lists'
import { START_OF_1990 } from './values/time-form'

/** A column with its samples and statistics. */
export interface RecognisedColumn {
  readonly name: string
  readonly samples: readonly string[]
  /** Missing for columns beyond the number that is examined. */
  readonly statistics?: ColumnStatistics | null | undefined
}

/** The role of a column of interactions. */
export type Role = 'user' | 'item' | 'rating' | 'time' | 'event' | 'count' | 'title'

/** A column whose name may indicate a role. */
export interface Named {
  readonly column: RecognisedColumn
  readonly match: NameMatch
}

export const quoted = (name: string): string => `"${name}"`
export const list = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ')
export const sampleWords = ({ samples }: RecognisedColumn): string => list(samples.slice(0, 2))

/** The types of a column with the rows of each, the most frequent first; if it has many values, their number. */
export function typesWithRows({ statistics }: RecognisedColumn): string {
  const values = statistics?.values ?? []
  if (values.length === 0) return formatCounted(statistics?.distinct ?? 0, 'different value')
  const named = values.slice(0, 8).map(({ value, rows }) => `“${value.trim()}” (${formatCount(rows)})`)
  return `${named.join(', ')}${values.length > 8 ? ', …' : ''}`
}

/** The different words of a column that has few of them, the most frequent first. */
export const typesOf = ({ statistics }: RecognisedColumn): string[] => [
  ...new Set((statistics?.values ?? []).map(({ value }) => value.trim())),
]

/** Whether a column's words mean yes and no, or one of them undoes something. */
export function saysForOrAgainst(column: RecognisedColumn): boolean {
  const types = typesOf(column)
  return (
    column.statistics?.kind === 'text' && types.length > 0 && (yesOf(types) !== null || againstOf(types).length > 0)
  )
}

/** Whether a value marks a row, like a cross, a tick or a yes. */
export const isMark = (value: string): boolean => /^[x×✓✔☑✗✘*•1]$/iu.test(value) || yesOf([value]) !== null

/** Texts of amounts or durations: 1:09, 2:03:11, 12 min, 85 %. */
const durationText =
  /^\d+(?::\d{2}){1,2}$|^\d+(?:[.,]\d+)?\s*(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|%|x)\.?$/i

/** Whether texts are durations: 0:48:46. */
export const holdsDurations = ({ statistics, samples }: RecognisedColumn): boolean =>
  statistics?.kind === 'text' &&
  samples.length > 0 &&
  samples.every((sample) => /^\d+(?::\d{2}){1,2}$/.test(sample.trim()))

/** Whether texts have three numbers, or a year and another one, in an order that dates may have. */
export const looksLikeTimes = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 &&
  samples.every((sample) =>
    /^\D{0,12}(?:\d{1,2}\D{1,12}){1,2}(?:19|20)\d{2}(?!\d)|^\D{0,12}(?:19|20)\d{2}(?!\d)\D{1,12}\d{1,2}\D/u.test(
      sample.trim(),
    ),
  )

/** Whether all of a column's values are numbers. */
export const isNumeric = ({ kind }: ColumnStatistics): boolean => kind === 'integer' || kind === 'number'

/** Whether a column was examined, and all of its values are numbers. */
export const holdsOnlyNumbers = ({ statistics }: RecognisedColumn): boolean =>
  statistics != null && isNumeric(statistics)

/** Whether a column's numbers may be amounts: there are several, and they are not times or row numbers. */
export function mayBeAmount(column: RecognisedColumn): boolean {
  const { statistics, samples, name } = column
  if (statistics?.kind === 'text' && !holdsNumbers(statistics))
    return saysAmount(name) && samples.length > 0 && samples.every((sample) => durationText.test(sample.trim()))
  if (!statistics || !holdsNumbers(statistics)) return false
  return statistics.distinct > 1 && statistics.rowNumber !== true && !holdsTimes(column)
}

/** Whether whole numbers may be counts: people do most things only a few times. Codes of one length, such as categories, are not counts. */
export const mayCount = ({ min, max }: ColumnStatistics): boolean =>
  Number(min) >= 1 && (Number(min) <= 100 || max.length > min.length)

/** Whether a column's values are lists of objects or objects in JSON, which are not ids. */
export const holdsSeveral = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 && samples.every((sample) => /^\s*(?:\[\s*\{|\{\s*["'])[^]*[\]}]\s*$/.test(sample))

/** Whether most of a column's texts are sentences rather than ids or names. */
export const isProse = ({ samples }: RecognisedColumn): boolean =>
  2 * samples.filter((sample) => sample.length > 60 || sample.trim().split(/\s+/).length > 8).length > samples.length

/** Whether a name is for what an item is called rather than for its id. */
export const isTitle = ({ column, match }: Named): boolean =>
  !match.id && nameMatches(column.name).some(({ role, whole }) => role === 'title' && whole)

/** Whether a name means the “value”, “weight” or the like of something. */
export const isVague = ({ whole, rank }: NameMatch): boolean => !whole && rank >= 2

/** The largest number of types of events. */
export const mostTypes = 30

/** Whether a column's content fits its name. */
export function fits(role: Role, column: RecognisedColumn, match: NameMatch): boolean {
  const { statistics } = column
  if (!statistics) return true
  const { kind, numbers, times, distinct, rowNumber, min, max } = statistics
  switch (role) {
    case 'user':
    case 'item':
      // Numbers of several people are a count of them.
      if (role === 'user' && kind === 'integer' && saysPeople(column.name)) return false
      return kind !== 'empty' && !(rowNumber === true && !match.whole)
    case 'rating':
      // A flag such as “is_like” tells which rows count; a zero in all rows tells nothing.
      if (match.rank > 0 && isFlag(column)) return false
      // One number in all rows under a name that only contains a word for ratings is a rate of something.
      if (!match.whole && distinct === 1 && min === max) return false
      return numbers > 0 && !holdsCounts(column) && !saysKey(column.name) && !(min === max && Number(min) === 0)
    case 'count':
      // A few cells that are none, such as “~3”, are rejected instead of losing the column.
      return holdsNumbers(statistics)
    case 'title':
      return kind === 'text'
    case 'event':
      // More different texts than there are words for what people do are names of events.
      if (distinct > mostTypes) return false
      // “Type” alone is the kind of a thing; the type of an event is a word for what people do.
      if (match.rank > 0 && !saysDoing(typesOf(column))) return false
      // Ids of verbs are addresses that end with them: http://adlnet.gov/expapi/verbs/completed.
      if (saysKey(column.name) && !mostlySayDoing(typesOf(column))) return false
      return kind === 'text' && distinct > 0 && statistics.values.length > 0
    case 'time':
      // “Data” is a date in some languages, and anything in others.
      if (holdsObjects(column)) return false
      if (numbers > 0 && !match.whole && !holdsTimes(column) && (saysDuration(column.name) || isSmall(statistics)))
        return false
      return numbers + times > 0 || (kind === 'text' && (match.whole || looksLikeTimes(column)))
  }
}

/** Whether all samples of a column are JSON objects. */
export const holdsObjects = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 && samples.every((sample) => object.test(sample.trim()))

/** Whether a column has 0 and 1, and nothing else. */
export const isFlag = ({ statistics }: RecognisedColumn): boolean =>
  statistics?.kind === 'integer' && statistics.distinct === 2 && statistics.min === '0' && statistics.max === '1'

/** Whether numbers are too small to be times in any unit, and are not years: days of supply, hours spent. */
const isSmall = (statistics: ColumnStatistics): boolean =>
  isNumeric(statistics) && Number(statistics.min) >= 0 && Number(statistics.max) < 1900

/** A “weight” or “value” beyond any scale of ratings, such as Last.fm's plays. */
export function holdsCounts({ name, statistics }: RecognisedColumn): boolean {
  const match = nameMatches(name).find(({ role }) => role === 'rating')
  const vague = match?.rank === 1 || /^score$/i.test(name)
  return (
    vague &&
    statistics != null &&
    holdsWholeNumbers(statistics) &&
    Number(statistics.min) >= 1 &&
    Number(statistics.max) > 100
  )
}

/** Ranges of whole numbers that are times: seconds, milli-, micro- and nanoseconds since 1970, from 1990 to 2100. */
export const timeSpans = [1, 1e3, 1e6, 1e9].map((unit) => [START_OF_1990 * unit, 4_102_444_800 * unit] as const)

/** If at least this share of a column's numbers are times of one unit, the others are unknown times, such as 0, or were cut. */
const nearlyAllTimes = 0.95

export function holdsTimes({ statistics, samples }: RecognisedColumn): boolean {
  if (!statistics) return false
  if (statistics.kind === 'time' || statistics.mostly === 'times') return true
  if (!holdsNumbers(statistics)) return false
  const { epochs = 0, numbers } = statistics
  return epochs >= nearlyAllTimes * numbers || (samples.length > 0 && samples.every(isDay))
}

/** Whether a number is a day such as 20240301, or a day with a time of day such as 20240301125959. */
const isDay = (sample: string): boolean =>
  /^(?:19[789]|20[0-9])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?$/.test(
    sample.trim(),
  )

/** What a column of times holds, in a few words. Beside numbers that are none, the smallest and the largest tell nothing. */
export function timesOf({ statistics, samples }: RecognisedColumn): string {
  if (!statistics) return 'Its values are times'
  const { min, max, numbers, epochs = 0 } = statistics
  return holdsNumbers(statistics) && epochs < numbers && !samples.every(isDay)
    ? `${formatCount(epochs)} of its ${formatCounted(numbers, 'number')} are times`
    : `Its values are times, from ${min} to ${max}`
}

/** Whether nearly all of a column's values are numbers. */
export const holdsNumbers = (statistics: ColumnStatistics): boolean =>
  isNumeric(statistics) || statistics.mostly === 'numbers'

/** Whether all of a column's values are whole numbers, or nearly all are numbers and these are whole. */
const holdsWholeNumbers = (statistics: ColumnStatistics): boolean =>
  statistics.kind === 'integer' || (statistics.mostly === 'numbers' && statistics.whole === true)

/** Whether a column's numbers may be years, for example of a wine or a model. */
export const isYears = ({ kind, min, max }: ColumnStatistics): boolean =>
  kind === 'integer' && Number(min) >= 1900 && Number(max) <= 2100

/** Whether a column’s numbers may be degrees: within −`most` and `most`, each with more decimals than counts or ratings have. */
export function isDegrees({ statistics, samples }: RecognisedColumn, most: number): boolean {
  if (statistics?.kind !== 'number' || samples.length === 0) return false
  const within = Number(statistics.min) >= -most && Number(statistics.max) <= most
  return within && samples.every((sample) => /[.,]\d{3,}\s*$/.test(sample))
}

/** Whether a column’s numbers may be offsets of time zones from UTC in minutes. */
export const isZone = ({ statistics }: RecognisedColumn): boolean =>
  statistics?.kind === 'integer' &&
  statistics.values.length > 0 &&
  statistics.values.every(({ value }) => Number(value) % 15 === 0 && Number(value) >= -720 && Number(value) <= 840)

/** Whether a column’s numbers are those of a slider between −10 and 10, as in Jester: any numbers, with a few decimals. */
export function looksLikeSlider({ statistics, samples }: RecognisedColumn): boolean {
  if (statistics?.kind !== 'number' || samples.some((sample) => /[.,]\d{4,}\s*$/.test(sample))) return false
  return Number(statistics.min) >= -10 && Number(statistics.max) <= 10 && statistics.distinct > 1
}

/** Whether all values contain their scale, as in “4 out of 5” and “★★★☆☆”: they are ratings whatever the name of their column. */
export function onStars({ samples }: RecognisedColumn): boolean {
  if (samples.length === 0) return false
  const scales = new Set(samples.map(namedScale))
  return samples.every(isStars) || (scales.size === 1 && !scales.has(null))
}

/** Whether numbers are rather pieces or percentages than ratings: most are 1, or there are more of them than any scale has. */
export function holdsPieces({ statistics }: RecognisedColumn, rows: number): boolean {
  if (statistics?.kind !== 'integer') return false
  const ones = statistics.values.find(({ value }) => value.trim() === '1')?.rows ?? 0
  return (Number(statistics.min) === 1 && 2 * ones >= rows) || (Number(statistics.max) > 10 && statistics.distinct > 21)
}

/** Whether a column has a count of zero in more than a few rows: an interaction happened at least once. */
export const oftenZero = ({ statistics }: RecognisedColumn, rows: number): boolean =>
  20 * (statistics?.values.find(({ value }) => /^0+(?:[.,]0+)?$/.test(value.trim()))?.rows ?? 0) > rows

/** Whether values are network addresses of machines. */
export const isAddress = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 &&
  samples.every((sample) => /^\s*(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){3,7})\s*$/i.test(sample))

/** Whether whole numbers all have the same number of digits, like ids of one kind, and too many for a count or a measurement. */
export const hasIdLength = ({ statistics }: RecognisedColumn): boolean =>
  statistics?.kind === 'integer' && statistics.min.length >= 6 && statistics.min.length === statistics.max.length

/** The end of the scale in a name, such as 100 in “Total /100” and 10 in “Rating (1-10)”; null if there is none. */
export function scaleInName(name: string): number | null {
  const found = /\/\s*(5|6|7|10|15|20|100)\b|\b[01]\s*(?:-|–|—|to|bis|à|a|do|\.\.)\s*(5|6|7|10|20|100)\b/iu.exec(name)
  return found ? Number(found[1] ?? found[2]) : null
}

/** Few different numbers in a small range, which repeat. */
export function looksLikeRating({ statistics, samples }: RecognisedColumn, rows: number): boolean {
  if (!statistics || !holdsNumbers(statistics) || statistics.rowNumber) return false
  const { distinct } = statistics
  const [min, max] = [Number(statistics.min), Number(statistics.max)]
  if (min < -100 || max > 100) return false
  // Odds such as 5/2 and 6/4 have different denominators.
  if (new Set(samples.map((sample) => /\d\/(\d+)/.exec(sample)?.[1])).size > 1) return false
  // Coordinates and shares have more decimals than ratings.
  if (samples.some((sample) => /[.,]\d{4,}\s*$/.test(sample))) return false
  return distinct <= 101 && (distinct <= rows / 2 || (rows <= 20 && max <= 10))
}

/** Codes that surveys write for no answer. */
const noAnswer = /^(?:7+|8+|9+)$/

/**
 * Whether numbers are counts, of which the largest is far from the others: most rows have the smallest, fewer the next, and few the largest. A code for no
 * answer beside a scale without gaps is not taken for the largest count.
 * @param counted the different numbers, ascending, at least four
 */
function hasTail(counted: readonly { readonly number: number; readonly rows: number }[]): boolean {
  const rest = counted.slice(0, -1)
  const [largest, [first, second, third]] = [counted.at(-1), rest]
  if (!largest || !first || !second || !third || first.number < 0) return false
  if (!counted.every(({ number }) => Number.isInteger(number))) return false
  const isScale = rest.every(({ number }, at) => number === first.number + at)
  if (isScale && noAnswer.test(String(largest.number))) return false
  const median = rest.map(({ rows }) => rows).toSorted((a, b) => a - b)[Math.floor((rest.length - 1) / 2)] ?? 0
  return first.rows > second.rows && second.rows >= third.rows && largest.rows <= median
}

/**
 * The value of a rating that may mean that there is none: a number that is as far from the others, which repeat, as their whole scale is wide, such as 99 with 1 to 5; 0 or −1,
 * further from the next than the others are from each other; a zero that is the most frequent value, or far more frequent than the next; or a zero beside
 * stars. Scales from 0 to 10 exist, so there a zero must be missing in the scale's course.
 */
export function unratedOf(
  { values }: Pick<ColumnStatistics, 'values'>,
  rows: number,
): { value: string; rows: number } | null {
  const counted = values
    .filter(({ value }) => Number.isFinite(Number(value.replace(',', '.'))))
    .map(({ value, rows: times }) => ({ value, number: Number(value.replace(',', '.')), rows: times }))
    .sort((a, b) => a.number - b.number)
  const [lowest, second] = counted
  const [highest, next] = [counted.at(-1), counted.at(-2)]
  if (!lowest || !second || !highest || !next || counted.length < 4) return null
  // Numbers that hardly repeat are measurements, of which one may be far from the others.
  const isScaleWithout = (apart: { readonly rows: number }): boolean =>
    counted.reduce((sum, one) => sum + one.rows, 0) - apart.rows >= 2 * (counted.length - 1)
  if (highest.number - next.number > next.number - lowest.number + 1)
    return hasTail(counted) || !isScaleWithout(highest) ? null : highest
  if (second.number - lowest.number > highest.number - second.number + 1) return isScaleWithout(lowest) ? lowest : null
  if (lowest.number !== 0 && lowest.number !== -1) return null
  // No scale of stars has −1 below its first star.
  if (lowest.number === -1 && second.number > 0) return lowest
  const gaps = counted.slice(2).map(({ number }, at) => number - (counted[at + 1]?.number ?? number))
  const isApart = second.number - lowest.number > 1.5 * Math.max(...gaps)
  const isMost = counted.every((other) => other.rows <= lowest.rows) && 4 * lowest.rows >= rows
  // On a scale from 0, a rating of 0 is never far more frequent than the one above it.
  const isPile = second.number > 0 && lowest.rows > 3 * second.rows && 10 * lowest.rows >= rows
  const isNone = isMost || isPile || (counted.every(({ number }) => Number.isInteger(number)) && isBelowStars(counted))
  return (isApart && second.number > 0) || (isNone && lowest.number === 0) ? lowest : null
}

/**
 * Whether a zero is below the whole stars of a scale. Five stars begin at 1 or a half. Ten may begin at 0, which then is not far more frequent than 1 and 2.
 * @param counted ascending, from 0
 */
function isBelowStars([zero, ...stars]: readonly { readonly number: number; readonly rows: number }[]): boolean {
  const most = stars.at(-1)?.number ?? 0
  if (most === 5) return true
  if (most < 9 || most > 10) return false
  const rowsOf = (star: number): number => stars.find(({ number }) => number === star)?.rows ?? 0
  return rowsOf(1) === 0 || (zero?.rows ?? 0) > 3 * Math.max(rowsOf(1), rowsOf(2))
}

/** Whether a column's numbers are those of a usual scale: 1 to 5 with halves, 0 or 1 to 10. One and two alone are rather numbers of pieces. */
export function onScale({ statistics }: RecognisedColumn): boolean {
  const [min, max] = [Number(statistics?.min), Number(statistics?.max)]
  return min >= 0 && max <= 10 && max > 2
}

/** A column's content, in a few words. */
export function contentOf({ statistics }: RecognisedColumn, rows: number): string {
  if (!statistics) return ''
  if (statistics.kind === 'empty') return 'it is empty'
  const what = { integer: 'whole number', number: 'number', time: 'date', text: 'text' }[statistics.kind]
  const different = `${formatCounted(statistics.distinct, `different ${what}`)} in ${formatCounted(rows, 'row')}`
  if (statistics.mostly === 'numbers') {
    const unread = rows - statistics.empty - statistics.numbers
    return `${different}, ${formatCount(unread)} of them without a number that can be read`
  }
  return statistics.kind === 'text' || statistics.empty === 0
    ? different
    : `${different}, ${formatCount(statistics.empty)} of them blank`
}
