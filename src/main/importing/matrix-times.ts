import { roleOfName, saysBirth, saysRelease } from './column-names'
import { foldedWords, wordsOf } from './name-words'
import { withClockMark } from './values/clock-text'
import { parseDate } from './values/date-text'

/** The column of a matrix with the time of each row. */
export interface TimeOfRows {
  readonly column: number
  /** Other columns that have a time of each row. */
  readonly others: readonly number[]
}

/** What programs for surveys call the moment of an answer, the best first: when it was given, then when it was begun. */
const answered = [
  foldedWords(
    'timestamp zeitstempel horodateur horodatage submit submitdate submitted datestamp completion completed recorded recordeddate abgeschickt',
  ),
  foldedWords('end enddate endzeit finished ended'),
  foldedWords('start startdate started begin startzeit created erstellt'),
]
/** Words for a day that belongs to the person rather than to the ratings. */
const ofPerson = foldedWords(
  'registered registration joined join since hired hire enrolled enrolment enrollment member signup birthday last first expiry expires due',
)

const rankOf = (name: string): number => {
  const all = [...wordsOf(name), wordsOf(name).join('')]
  if (saysBirth(name) || saysRelease(name) || all.some((word) => ofPerson.has(word))) return -1
  const rank = answered.findIndex((words) => all.some((word) => words.has(word)))
  // “Start” alone may be a place.
  const saysTime = roleOfName(name)?.role === 'time' || all.some((word) => /(?:date|time|stamp|zeit)/.test(word))
  if (!saysTime) return -1
  return rank >= 0 ? rank : roleOfName(name)?.whole === true ? answered.length : -1
}

/** Whether a cell is a date, or seconds since 1970. */
export const isTime = (cell: string): boolean =>
  /^\s*\d{10}(?:\d{3})?\s*$/.test(cell) || (/\d/.test(cell) && parseDate(withClockMark(cell)) !== null)

/**
 * The column with the time of all ratings of a row, by its name and its values; null if there is none that every row has: ratings without a time would be
 * lost.
 * @param columns positions of the columns that have no ratings
 */
export function timeOfRows(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  columns: readonly number[],
): TimeOfRows | null {
  const [first, ...others] = columns
    .map((column) => ({ column, rank: rankOf(names[column] ?? '') }))
    .filter(({ column, rank }) => rank >= 0 && rows.every((row) => isTime(row[column] ?? '')))
    .sort((a, b) => a.rank - b.rank)
  return first ? { column: first.column, others: others.map(({ column }) => column) } : null
}
