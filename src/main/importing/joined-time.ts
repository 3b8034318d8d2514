import type { Certainty } from '../../shared/certainty'
import { enumerated } from '../../shared/format'
import { partOfTime, roleOfName, saysBirth, saysDuration, saysRelease, type TimePart } from './column-names'
import { wordsOf } from './name-words'
import { identifier } from './duckdb'
import type { Dialect } from './dialect'
import type { Table } from './table-rows'
import { withUsualClock } from './values/clock-text'
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
const isClock = (cell: string): boolean => {
  const usual = withUsualClock(cell)
  return clock.test(usual) && Number(/^\d+/.exec(usual)?.[0]) < 24
}
const isDay = (cell: string): boolean => /\D/.test(cell) && !/:|\dT\d/.test(cell) && parseDate(cell) !== null
/** A day that is written as a number. */
const isDigitDay = (cell: string): boolean => /^(?:19|20)\d{6}$/.test(cell) && parseDate(cell) !== null
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
  minute: (column) => mostAre(column, within(0, 59)),
  // Programs write seconds with their fraction.
  second: (column) => mostAre(column, (cell) => /^\d{1,2}(?:[.,]\d+)?$/.test(cell) && Number.parseInt(cell, 10) <= 59),
}

/** Words for events of an item long before anybody rated it. */
const ofItems = /^(?:publish|published|publication|founded|built|model)$/
const isOfItem = ({ name }: Column): boolean =>
  saysRelease(name) || saysBirth(name) || wordsOf(name).some((word) => ofItems.test(word))

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

/** Columns that have a field of a date or a time by their name, and values of that field or not. */
interface Field {
  readonly unit: TimePart
  readonly column: Column
  readonly fits: boolean
}

/** What a field is of: “order” in order_year. Columns with the same one belong together. */
const about = ({ name }: Column): string =>
  wordsOf(name)
    // DuckDB numbers columns with the same name: “mm” beside “MM”.
    .filter((word) => partOfTime(word) === null && !/^\d+$/.test(word))
    .join(' ')

/** The fields of dates and times among the columns. */
function fieldsOf(columns: readonly Column[]): Field[] {
  const parts = columns.map((column) => ({ column, part: partOfTime(column.name) }))
  const hour = parts.find(({ part }) => part === 'hour')
  return parts.flatMap(({ column, part }, position) => {
    // “mm” are months, except after the hour where another column has the months.
    const isMinute =
      part === 'month' &&
      wordsOf(column.name).includes('mm') &&
      hour !== undefined &&
      parts[position - 1] === hour &&
      parts.some((other) => other.part === 'month' && other.column !== column)
    const meant = isMinute ? 'minute' : part
    return meant === null ? [] : [{ unit: meant, column, fits: partValues[meant](column) }]
  })
}

/** The time of day of a date: a column of times of day, or one each of hours, minutes and seconds. */
interface Clock {
  readonly columns: readonly Column[]
  /** SQL of its text. */
  readonly sql: string
}

const clockOf = (column: Column): Clock => ({ columns: [column], sql: trimmed(column) })

/** Fewer different numbers are hours and minutes by chance. */
const fewestDigitClocks = 3

/** Digits of a time of day in a column of numbers, as 4 in 935 and 1410, and 6 in 93500; null if one of them is none, or if all may be hours or minutes alone. */
function clockDigits({ cells }: Column): 4 | 6 | null {
  const numbers = cells.flatMap((cell) => (/^\d{1,6}(?:\.0+)?$/.test(cell) ? [Number(cell)] : []))
  if (numbers.length < cells.length || new Set(numbers).size < fewestDigitClocks) return null
  const most = Math.max(...numbers)
  if (most < 100) return null
  const isTime = (number: number): boolean => number < 2400 && number % 100 < 60
  const isFine = (number: number): boolean => isTime(Math.floor(number / 100)) && number % 100 < 60
  return numbers.every(isTime) ? 4 : most >= 10_000 && numbers.every(isFine) ? 6 : null
}

/** The only column whose name means a time and whose numbers are times of day without signs. */
function digitClock(columns: readonly Column[]): { readonly column: Column; readonly digits: 4 | 6 } | null {
  const found = columns.flatMap((column) => {
    // “Time” also means an hour, which these numbers are beyond.
    const part = partOfTime(column.name)
    const isNamed =
      (roleOfName(column.name)?.role === 'time' && (part === null || part === 'hour')) ||
      wordsOf(column.name).some((word) => /^hhmm(?:ss)?$/.test(word))
    const digits = isNamed && !saysDuration(column.name) ? clockDigits(column) : null
    return digits === null ? [] : [{ column, digits }]
  })
  return found.length === 1 ? (found[0] ?? null) : null
}

/** SQL: one field of a time of day without signs, from 0 for the hours. */
const digitField = (column: Column, digits: 4 | 6, field: number): string =>
  `substr(lpad(${whole(column)}, ${digits}, '0'), ${2 * field + 1}, 2)`

const clockOfDigits = (column: Column, digits: 4 | 6): Clock => ({
  columns: [column],
  sql: [0, 1, 2]
    .slice(0, digits / 2)
    .map((field) => digitField(column, digits, field))
    .join(" || ':' || "),
})

/** A day and a time of day without signs: a date, or the number of a day since a start that is not known. */
function dayAndDigits(columns: readonly Column[], day: Column | undefined): JoinedTime | null {
  const found = digitClock(columns)
  if (!found) return null
  const { column, digits } = found
  const example = column.cells.find((cell) => Number(cell) >= 100) ?? ''
  const first = clockOfExample(example, digits)
  const rival = `“${example}” is ${first}; it may also count something.`
  if (day && day !== column) {
    if (saysWhole(columns, [day, column])) return null
    // A zero before them shows digits of a time of day.
    const isPadded =
      column.cells.every((cell) => cell.length === digits) && column.cells.some((cell) => cell.startsWith('0'))
    const time = dayAndClock(day, clockOfDigits(column, digits))
    return isPadded ? time : { ...time, certainty: 'guess', evidence: `${time.evidence} ${rival}` }
  }
  const counted = columns.filter((one) => partOfTime(one.name) === 'day' && mostAre(one, isDayCount))
  const [count] = counted
  if (!count || counted.length > 1 || fieldsOf(columns).some(({ unit }) => unit === 'year' || unit === 'month'))
    return null
  if (partValues.day(count) || saysWhole(columns, [count, column])) return null
  const seconds = [3600, 60, 1]
    .slice(0, digits / 2)
    .map((unit, field) => `${unit} * TRY_CAST(${digitField(column, digits, field)} AS DOUBLE)`)
    .join(' + ')
  return {
    name: `${count.name} + ${column.name}`,
    columns: [count.name, column.name],
    sql: `format('{:.6f}', TRY_CAST(${whole(count)} AS DOUBLE) + (${seconds}) / 86400)`,
    certainty: 'guess',
    evidence: `“${count.name}” counts days, times of day stand in ${listed([column])}; they are read as one number of days. ${rival}`,
  }
}
const isDayCount = (cell: string): boolean => /^\d{1,5}(?:\.0+)?$/.test(cell)
const clockOfExample = (cell: string, digits: 4 | 6): string =>
  cell
    .replace(/\.0+$/, '')
    .padStart(digits, '0')
    .replaceAll(/(?!^)(?=(?:\d\d)+$)/g, ':')

/** The time of day in columns of hours, minutes and seconds; null without hours, of which the others are. */
function clockOfFields(fields: readonly Field[], of: string): Clock | null {
  const [hour, minute, second] = (['hour', 'minute', 'second'] as const).map(
    (unit) => fields.find((field) => field.unit === unit && field.fits && about(field.column) === of)?.column,
  )
  if (!hour) return null
  const finer = minute ? [minute, ...(second ? [second] : [])] : []
  const sql = finer.map((column) => `coalesce(${twoDigits(column)}, '00')`)
  return { columns: [hour, ...finer], sql: [twoDigits(hour), ...(minute ? sql : ["'00'"])].join(" || ':' || ") }
}

/** The fields of a time of day that belong to a date but are not read with it. */
const unreadFields = (fields: readonly Field[], of: string, clock: Clock | null): Column[] =>
  fields
    .filter(
      ({ unit, column }) =>
        (unit === 'hour' || unit === 'minute' || unit === 'second') &&
        about(column) === of &&
        column.cells.length > 0 &&
        clock?.columns.includes(column) !== true,
    )
    .map(({ column }) => column)

function namedParts(columns: readonly Column[]): JoinedTime | null {
  const days = columns.filter(
    (column) => mostAre(column, (cell) => isDay(cell) || isDigitDay(cell)) && roleOfName(column.name)?.role === 'time',
  )
  // “Session time” is a duration unless there is a “session date”.
  const isOfDay = ({ name }: Column): boolean =>
    !saysDuration(name) || days.some((day) => wordsOf(day.name)[0] === wordsOf(name)[0])
  // “Hour” may hold whole times of day, as 14:45:21.
  const saysClock = ({ name }: Column): boolean => roleOfName(name)?.role === 'time' || partOfTime(name) === 'hour'
  const clocks = columns.filter((column) => mostAre(column, isClock) && saysClock(column) && isOfDay(column))
  const [ofDay, another] = clocks
  const [day, otherDay] = days
  const ofDigits = ofDay || otherDay ? null : dayAndDigits(columns, day)
  if (ofDigits) return ofDigits
  if (day) {
    const clock = ofDay ? clockOf(ofDay) : clockOfFields(fieldsOf(columns), aboutDay(day))
    if (!clock || another || otherDay || saysWhole(columns, [day, ...clock.columns])) return null
    return dayAndClock(day, clock)
  }
  return calendarParts(columns, ofDay && !another ? clockOf(ofDay) : null)
}

/** What a column of days is of: “order” in order_date. */
const aboutDay = ({ name }: Column): string =>
  wordsOf(name)
    .filter((word) => partOfTime(word) === null && roleOfName(word)?.role !== 'time')
    .join(' ')

/** In a table without names: the only column of days, and the only column of times of day after it. */
function adjoiningParts(columns: readonly Column[]): JoinedTime | null {
  const days = columns.filter((column) => mostAre(column, isDay))
  const clocks = columns.filter((column) => mostAre(column, isClock))
  const [[day], [ofDay]] = [days, clocks]
  if (!day || !ofDay || days.length > 1 || clocks.length > 1 || ofDay.position !== day.position + 1) return null
  return dayAndClock(day, clockOf(ofDay))
}

const dayAndClock = (day: Column, clock: Clock): JoinedTime =>
  joined([day], trimmed(day), clock, 'likely', `Days stand in “${day.name}”, times of day in ${listed(clock.columns)}`)

function calendarParts(columns: readonly Column[], ofDay: Clock | null): JoinedTime | null {
  const fields = fieldsOf(columns)
  const parts = fields.filter(({ fits }) => fits)
  const [year, another] = parts.filter(({ unit }) => unit === 'year')
  if (!year || another || isOfItem(year.column)) return null
  const subject = about(year.column)
  const of = (unit: TimePart): Column | null =>
    parts.find((one) => one.unit === unit && about(one.column) === subject)?.column ?? null
  const [month, day, quarter, week] = [of('month'), of('day'), of('quarter'), of('week')]
  const smaller = month ?? quarter ?? week
  if (!smaller) return null
  const used = [year.column, smaller, ...(month && day ? [day] : [])]
  const clock = month && day ? (ofDay ?? clockOfFields(fields, subject)) : null
  if (saysWhole(columns, clock ? [...used, ...clock.columns] : used)) return null
  const unread = ofDay ? [] : unreadFields(fields, subject, clock)
  const evidence = `Parts of a date stand in ${listed(used)}${clock ? `, times of day in ${listed(clock.columns)}` : ''}`
  return joined(
    used,
    month ? dateSql(year.column, month, day) : spanSql(year.column, smaller, quarter ? 'Q' : 'W'),
    clock,
    month && day && unread.length === 0 ? 'likely' : 'guess',
    evidence,
    unread,
  )
}

/** Names in words: “year”, “month” and “day”. */
const listed = (columns: readonly Column[]): string => enumerated(columns.map(({ name }) => `“${name}”`))

const trimmed = ({ name }: Column): string => `nullif(trim(${identifier(name)}), '')`
/** SQL: a number without the decimals that programs give whole numbers in a column with gaps. */
const whole = (column: Column): string => `regexp_replace(${trimmed(column)}, '\\.0+$', '')`
const twoDigits = (column: Column): string =>
  `CASE WHEN regexp_matches(${whole(column)}, '^\\d(\\D|$)') THEN '0' ELSE '' END || ${whole(column)}`

function dateSql(year: Column, month: Column, day: Column | null): string {
  if (mostAre(month, isMonthName))
    return `${day ? `${whole(day)} || ' ' || ` : ''}${trimmed(month)} || ' ' || ${whole(year)}`
  return `${whole(year)} || '-' || ${twoDigits(month)}${day ? ` || '-' || ${twoDigits(day)}` : ''}`
}

/** SQL: a quarter or a week of a year. */
const spanSql = (year: Column, span: Column, sign: 'Q' | 'W'): string =>
  `${whole(year)} || '-${sign}' || ${sign === 'Q' ? `ltrim(upper(${whole(span)}), 'Q')` : twoDigits(span)}`

/** @param unread columns of a time of day that are not read */
function joined(
  parts: readonly Column[],
  day: string,
  clock: Clock | null,
  certainty: Certainty,
  evidence: string,
  unread: readonly Column[] = [],
): JoinedTime {
  const names = [...parts, ...(clock?.columns ?? [])].map(({ name }) => name)
  const missing =
    unread.length === 0
      ? ''
      : ` ${listed(unread)} ${unread.length === 1 ? 'is' : 'are'} not read with them, because the values do not fit or a coarser part is missing: what happened within the same ${clock ? 'hour or minute' : 'day'} keeps the order of the file.`
  return {
    name: names.join(' + '),
    columns: names,
    // Without a time of day, a row has its day.
    sql: clock ? `${day} || coalesce(' ' || ${clock.sql}, '')` : day,
    certainty,
    evidence: `${evidence}; they are read as one time.${missing}`,
  }
}

/** The dialect with the joined time as its last column. */
export const withJoinedTime = (dialect: Dialect, joined: JoinedTime): Dialect => ({
  ...dialect,
  joined,
  columns: [...dialect.columns, { name: joined.name, type: 'VARCHAR' }],
})
