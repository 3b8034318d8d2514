import type { Certainty } from '../../shared/certainty'
import { partOfTime, roleOfName, saysDuration, type TimePart, wordsOf } from './column-names'
import { identifier } from './duckdb'
import type { Dialect } from './dialect'
import type { Table } from './table-rows'
import { parseDate } from './values/date-text'
import { months, plainWord } from './values/date-words'

/** One more column of a file: a time whose date and time of day are in several columns. */
export interface JoinedTime {
  readonly name: string
  readonly columns: readonly string[]
  /** SQL of its text, from these columns. */
  readonly sql: string
  readonly certainty: Certainty
  readonly evidence: string
}

/** The number of rows by which the columns of a time are recognised. */
const sampledRows = 1000

/** A column with its name and its first non-empty cells. */
interface Column {
  readonly name: string
  readonly position: number
  readonly cells: readonly string[]
}

const clock = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp]\.?\s*[Mm]\.?)?(?:\s*(?:Z|[+-]\d{2}:?\d{2}))?$/
const isClock = (cell: string): boolean => clock.test(cell) && Number(/^\d+/.exec(cell)?.[0]) < 24
const isDay = (cell: string): boolean => /\D/.test(cell) && !/:|\dT\d/.test(cell) && parseDate(cell) !== null
/** Other values are rejected row by row, as in any column. */
const fewestFitting = 0.9
const mostAre = ({ cells }: Column, is: (cell: string) => boolean): boolean =>
  cells.length > 0 && cells.filter(is).length >= fewestFitting * cells.length

const within =
  (least: number, most: number) =>
  (cell: string): boolean =>
    /^\d{1,4}(?:\.0+)?$/.test(cell) && Number(cell) >= least && Number(cell) <= most
const isMonthName = (cell: string): boolean => /^\p{L}+\.?$/u.test(cell) && months.has(plainWord(cell.replace('.', '')))
const partValues: Readonly<Record<TimePart, (column: Column) => boolean>> = {
  year: (column) => mostAre(column, within(1900, 2100)),
  month: (column) => mostAre(column, within(1, 12)) || mostAre(column, isMonthName),
  day: (column) => mostAre(column, within(1, 31)),
  quarter: (column) => mostAre(column, (cell) => /^[Qq]?[1-4](?:\.0+)?$/.test(cell)),
  week: (column) => mostAre(column, within(1, 53)),
  hour: (column) => mostAre(column, within(0, 23)),
}

/** Words for events of an item long before anybody rated it. */
const ofItems = /^(?:release|released|publish|published|publication|birth|born|founded|built|model)$/

/**
 * The time whose day and time of day, or whose year, month and day, are in separate columns; null if a column has a whole time, or if there are
 * no such columns.
 * @param firstRows the first rows of the table, at most the given number
 */
export async function joinedTime(
  { dialect }: Pick<Table, 'dialect'>,
  firstRows: (most: number) => Promise<string[][]>,
): Promise<JoinedTime | null> {
  const names = dialect.columns.map(({ name }) => name)
  if (dialect.named && !names.some((name) => partOfTime(name) !== null || roleOfName(name)?.role === 'time'))
    return null
  const rows = await firstRows(sampledRows)
  const columns = names.map((name, position) => ({
    name,
    position,
    cells: rows.map((row) => (row[position] ?? '').trim()).filter((cell) => cell !== ''),
  }))
  return (dialect.named ? namedParts(columns) : adjoiningParts(columns)) ?? null
}

/** Whether a column's whole name means a time and it is none of the columns with a field of the time, so that it has the whole time. */
const saysWhole = (columns: readonly Column[], parts: readonly Column[]): boolean =>
  columns.some((column) => {
    if (parts.includes(column) || column.cells.length === 0 || partOfTime(column.name) !== null) return false
    const match = roleOfName(column.name)
    return match?.role === 'time' && match.whole && match.rank < 2 && !mostAre(column, isClock)
  })

function namedParts(columns: readonly Column[]): JoinedTime | null {
  const days = columns.filter((column) => mostAre(column, isDay) && roleOfName(column.name)?.role === 'time')
  // “Session time” is a duration unless there is a “session date”.
  const isOfDay = ({ name }: Column): boolean =>
    !saysDuration(name) || days.some((day) => wordsOf(day.name)[0] === wordsOf(name)[0])
  const clocks = columns.filter(
    (column) => mostAre(column, isClock) && roleOfName(column.name)?.role === 'time' && isOfDay(column),
  )
  const [ofDay, another] = clocks
  const [day, otherDay] = days
  if (day) {
    if (!ofDay || another || otherDay || saysWhole(columns, [day, ofDay])) return null
    return dayAndClock(day, ofDay)
  }
  return calendarParts(columns, another ? null : (ofDay ?? null))
}

/** In a table without names: the only column of days, and the only column of times of day after it. */
function adjoiningParts(columns: readonly Column[]): JoinedTime | null {
  const days = columns.filter((column) => mostAre(column, isDay))
  const clocks = columns.filter((column) => mostAre(column, isClock))
  const [[day], [ofDay]] = [days, clocks]
  if (!day || !ofDay || days.length > 1 || clocks.length > 1 || ofDay.position !== day.position + 1) return null
  return dayAndClock(day, ofDay)
}

const dayAndClock = (day: Column, ofDay: Column): JoinedTime =>
  joined([day, ofDay], trimmed(day), ofDay, 'likely', `Days stand in “${day.name}”, times of day in “${ofDay.name}”`)

function calendarParts(columns: readonly Column[], ofDay: Column | null): JoinedTime | null {
  const about = (column: Column): string =>
    wordsOf(column.name)
      .filter((word) => partOfTime(word) === null)
      .join(' ')
  const parts = columns.flatMap((column) => {
    const part = partOfTime(column.name)
    return part !== null && partValues[part](column) ? [{ part, column }] : []
  })
  const [year, another] = parts.filter(({ part }) => part === 'year')
  if (
    !year ||
    another ||
    about(year.column)
      .split(' ')
      .some((word) => ofItems.test(word))
  )
    return null
  // Columns with the same prefix belong together: order_year, order_month.
  const of = (part: TimePart): Column | null =>
    parts.find((one) => one.part === part && about(one.column) === about(year.column))?.column ?? null
  const [month, day, quarter, week] = [of('month'), of('day'), of('quarter'), of('week')]
  const smaller = month ?? quarter ?? week
  if (!smaller) return null
  const used = [year.column, smaller, ...(month && day ? [day] : [])]
  const hour = month && day ? (ofDay ?? of('hour')) : null
  if (saysWhole(columns, hour ? [...used, hour] : used)) return null
  const listed = used.map(({ name }) => `“${name}”`)
  const evidence = `Parts of a date stand in ${listed.slice(0, -1).join(', ')} and ${listed.at(-1) ?? ''}${hour ? `, times of day in “${hour.name}”` : ''}`
  return joined(
    hour ? [...used, hour] : used,
    month ? dateSql(year.column, month, day) : spanSql(year.column, smaller, quarter ? 'Q' : 'W'),
    hour,
    month && day ? 'likely' : 'guess',
    evidence,
  )
}

const trimmed = ({ name }: Column): string => `nullif(trim(${identifier(name)}), '')`
/** SQL: a number without the decimals that programs give whole numbers in a column with gaps. */
const whole = (column: Column): string => `regexp_replace(${trimmed(column)}, '\\.0+$', '')`
const twoDigits = (column: Column): string =>
  `CASE WHEN length(${whole(column)}) = 1 THEN '0' ELSE '' END || ${whole(column)}`

function dateSql(year: Column, month: Column, day: Column | null): string {
  if (mostAre(month, isMonthName))
    return `${day ? `${whole(day)} || ' ' || ` : ''}${trimmed(month)} || ' ' || ${whole(year)}`
  return `${whole(year)} || '-' || ${twoDigits(month)}${day ? ` || '-' || ${twoDigits(day)}` : ''}`
}

/** SQL: a quarter or a week of a year. */
const spanSql = (year: Column, span: Column, sign: 'Q' | 'W'): string =>
  `${whole(year)} || '-${sign}' || ${sign === 'Q' ? `ltrim(upper(${whole(span)}), 'Q')` : twoDigits(span)}`

function joined(
  parts: readonly Column[],
  day: string,
  ofDay: Column | null,
  certainty: Certainty,
  evidence: string,
): JoinedTime {
  const hours = ofDay && !mostAre(ofDay, isClock)
  const time = ofDay && (hours ? `${twoDigits(ofDay)} || ':00'` : trimmed(ofDay))
  const names = parts.map(({ name }) => name)
  return {
    name: names.join(' + '),
    columns: names,
    // Without a time of day, a row has its day.
    sql: time ? `${day} || coalesce(' ' || ${time}, '')` : day,
    certainty,
    evidence: `${evidence}; they are read as one time.`,
  }
}

/** The dialect with the joined time as its last column. */
export const withJoinedTime = (dialect: Dialect, joined: JoinedTime): Dialect => ({
  ...dialect,
  joined,
  columns: [...dialect.columns, { name: joined.name, type: 'VARCHAR' }],
})
