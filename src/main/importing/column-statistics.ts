import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnStatistics } from '../../shared/datasets'
import type { ReadingOverrides } from '../../shared/reading'
import { identifier, isBlank, isNone } from './duckdb'
import { nameMatches } from './column-names'
import { timeSpans } from './column-content'
import { withClockMark } from './values/clock-text'
import { parseDate } from './values/date-text'
import { decideOrder } from './values/date-order'
import { formOfNumbers } from './values/number-evidence'
import { isStars, partsOf } from './values/number-shapes'
import { numberSql } from './values/number-sql'
import { inSmallLetters } from './values/rating-words'
import type { SeenColumns } from './values/seen-columns'
import { haveNoClocks, seenDates } from './values/time-evidence'

/** The number of columns that are examined whatever their names: most tables of interactions do not have more. */
const mostColumns = 60
/** The number of columns after these that are examined because of their names: an export of a shop may have many that are always empty. */
const mostNamed = 60
/** The values of a column are listed if it has at most this many distinct ones. */
const mostValues = 40
const longestValue = 120

/** Statistics of the first columns of a table of texts, and of later ones whose names say what belongs to an interaction; null for the others. */
export async function columnStatistics(
  connection: DuckDBConnection,
  table: string,
  columns: readonly string[],
  reading: ReadingOverrides,
): Promise<(ColumnStatistics | null)[]> {
  const named = columns.slice(mostColumns).filter((column) => nameMatches(column).some(({ role }) => role !== 'other'))
  const examined = new Set([...columns.slice(0, mostColumns), ...named.slice(0, mostNamed)])
  const found: (ColumnStatistics | null)[] = []
  for (const column of columns)
    found.push(examined.has(column) ? await statisticsOf(connection, table, column, reading, columns) : null)
  return found
}

async function statisticsOf(
  connection: DuckDBConnection,
  table: string,
  column: string,
  reading: ReadingOverrides,
  columns: readonly string[],
): Promise<ColumnStatistics> {
  const others = columns.slice(0, mostColumns).filter((name) => name !== column)
  const value = identifier(column)
  const rows = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRows()
  const filled = `(SELECT ${value} FROM ${table} WHERE NOT ${isBlank(value)})`
  const samples = (await rows(`SELECT ${value} FROM ${filled} LIMIT 200`)).map(([sample]) => String(sample))
  const seen: SeenColumns = { sources: [], tables: [{ table, errors: '' }] }
  const maybeNumbers = samples.some((sample) => isStars(sample) || partsOf(sample.replaceAll(/\d/g, '9')) !== null)
  // Words to which the user assigned values count as numbers.
  const valued = inSmallLetters(reading.ratingValues ?? {})
  const words = samples.some((sample) => valued.has(sample.trim().toLowerCase())) ? valued : new Map<string, number>()
  const number =
    maybeNumbers || words.size > 0
      ? numberSql(value, { ...(await formOfNumbers(connection, seen, column, reading, others)), words }, 'DOUBLE')
      : 'NULL::DOUBLE'
  const [counts = []] = await rows(
    `SELECT count(*), count(DISTINCT ${value}), count(${number}),
       count(*) FILTER (${number} = trunc(${number}) AND NOT regexp_matches(${value}, '[.,eE]')),
       min(${number}), max(${number}), min(${value}), max(${value}), (SELECT count(*) FROM ${table}),
       bool_and(${number} = trunc(${number})), count(*) FILTER (${isNone(value)}), count(DISTINCT ${value}) FILTER (${isNone(value)}),
       greatest(${timeSpans.map(([first, last]) => `count(*) FILTER (${number} BETWEEN ${first} AND ${last})`).join(', ')})
     FROM ${filled}`,
  )
  // A column of row numbers has the same distance from the row's position everywhere. Beyond 2⁵³, neighbours are the same double.
  const [[apart] = []] = await rows(
    `SELECT max(${number} - rowid) = min(${number} - rowid) AND count(${number}) = count(*) AND max(abs(${number})) < 9007199254740992 FROM ${table}`,
  )
  const [written = 0, different = 0, numbers = 0, integers = 0] = counts.slice(0, 4).map(Number)
  const all = Number(counts[8] ?? 0)
  // In a column of numbers, words such as NULL and \N count as blank.
  const nones = Number(counts[10] ?? 0)
  const onlyNumbers = numbers > 0 && nones > 0 && numbers + nones === written
  const filledRows = onlyNumbers ? numbers : written
  const distinct = different - (onlyNumbers ? Number(counts[11] ?? 0) : 0)
  const epochs = Number(counts[12] ?? 0)
  const shared = {
    distinct,
    empty: all - filledRows,
    numbers,
    times: 0,
    values: [],
    ...(epochs > 0 ? { epochs } : {}),
  }
  if (filledRows === 0) return { ...shared, kind: 'empty', min: '', max: '' }
  const listed =
    distinct <= mostValues
      ? await rows(
          `SELECT ${value}, count(*) FROM ${filled} ${onlyNumbers ? `WHERE NOT ${isNone(value)}` : ''} GROUP BY ALL ORDER BY count(*) DESC, ${value}`,
        )
      : []
  const values = listed.map(([text, times]) => ({ value: shortened(text), rows: Number(times) }))
  if (numbers === filledRows) {
    const kind = integers === filledRows ? 'integer' : 'number'
    const rowNumber = kind === 'integer' && apart === true && filledRows > 2
    return {
      ...shared,
      values,
      kind,
      min: String(counts[4]),
      max: String(counts[5]),
      ...(kind === 'number' && counts[9] === true ? { whole: true } : {}),
      ...(rowNumber ? { rowNumber } : {}),
    }
  }
  const text = (times: number, noTimes = 0): ColumnStatistics => ({
    ...shared,
    values,
    times,
    ...(noTimes > 0 ? { noTimes } : {}),
    kind: 'text',
    ...(numbers >= nearlyAll * filledRows
      ? {
          mostly: 'numbers',
          min: String(counts[4]),
          max: String(counts[5]),
          ...(counts[9] === true ? { whole: true } : {}),
        }
      : {
          ...(times >= nearlyAll * filledRows ? { mostly: 'times' } : {}),
          min: shortened(counts[6]),
          max: shortened(counts[7]),
        }),
  })
  if (!samples.some((sample) => parseDate(withClockMark(sample)))) return text(0)
  const dates = await seenDates(connection, seen, column)
  if (haveNoClocks(dates)) return text(0)
  const times = dates.rows - dates.unread
  const noTimes = dates.placeholderRows
  if (times < filledRows) return text(times, noTimes)
  const order = reading.dateOrder ?? decideOrder(dates.seen, dates.hints).order
  const days = dates.seen
    .map(({ date, spot }) => ({
      day: date.days[order] ?? date.days.dayFirst ?? date.days.monthFirst ?? 0,
      text: spot.text,
    }))
    .sort((a, b) => a.day - b.day)
  return {
    ...shared,
    times,
    ...(noTimes > 0 ? { noTimes } : {}),
    kind: 'time',
    min: shortened(days[0]?.text),
    max: shortened(days.at(-1)?.text),
  }
}

/** If at least this share of the values is of one kind, the others are errors or stand for missing values. */
const nearlyAll = 0.9

const shortened = (value: unknown): string => {
  const text = typeof value === 'string' ? value : ''
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}
