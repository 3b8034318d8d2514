import { type TimeUnit, timeUnit } from '../../../shared/reading'
import { isOneOf, text } from '../duckdb'
import type { Source } from '../load-table'
import { clockPattern, dateKey, timeText } from './clock-text'

/** Kinds of numbers in the order in which they are tried and shown, those with narrow ranges first. */
export const numberTimes = timeUnit.options
/** Kinds that no number shows by its range, which overlaps with those of other kinds: they are chosen, or shown by all numbers of a column. */
export const saidOnly: readonly NumberTime[] = ['apple', 'sequence', 'yymmdd', 'yymmddhh', 'ddmmyyyy', 'mmddyyyy']
export type NumberTime = TimeUnit

/** A dictionary of dates in DuckDB: an enumeration of the texts, and lists with the meaning of each. */
export interface DateDictionary {
  readonly name: string
  /** Whether any text has a time of day, whether one has a region’s time zone, and whether fractions of seconds are finer than microseconds. */
  readonly clocks: boolean
  readonly regions: boolean
}

/** The notation of a column's times. */
export interface TimeForm {
  /** The possible kinds of the numbers; each number is of the first kind whose range includes it. Empty: numbers are not times. */
  readonly numbers: readonly NumberTime[]
  /** Whether the user chose the kind of the numbers: any range is then accepted. */
  readonly said: boolean
  readonly texts: 'iso' | DateDictionary | null
  /** The meaning of texts for each file, if different files order the fields of dates differently; null: the same for all. */
  readonly textsOf?: ReadonlyMap<Source, DateDictionary> | null
  /** Numbers that mean an unknown time, such as 0 or 2,147,483,647. */
  readonly placeholders: readonly number[]
  /** Whether the first second of 1970 does, too. */
  readonly epochIsNone: boolean
  /** Whether there are times finer than a microsecond: the column `fine` holds the remaining nanoseconds. */
  readonly fine: boolean
  /** Whether texts such as 05.2023 are months rather than numbers. */
  readonly pointedMonths: boolean
}

/** The notation of the times of one of the files. */
export const timeFormOf = (form: TimeForm, source: Source): TimeForm => {
  const texts = form.textsOf?.get(source)
  return texts ? { ...form, texts } : form
}

const calendar: Partial<Record<NumberTime, readonly [from: number, until: number, format: string]>> = {
  yyyymmdd: [19_000_101, 21_010_000, '%Y%m%d'],
  yyyymmddhhmmss: [19_000_101_000_000, 21_010_000_000_000, '%Y%m%d%H%M%S'],
  yyyymmddhhmm: [190_001_010_000, 210_100_000_000, '%Y%m%d%H%M'],
  // As seconds since 1970, these are from 2033 on.
  yyyymmddhh: [2_000_010_100, 2_036_000_000, '%Y%m%d%H'],
  yymmdd: [101, 991_232, '%y%m%d'],
  yymmddhh: [10_100, 99_123_124, '%y%m%d%H'],
  yyyymm: [190_001, 210_013, '%Y%m'],
  ddmmyyyy: [1_011_900, 31_122_101, '%d%m%Y'],
  mmddyyyy: [1_011_900, 12_312_101, '%m%d%Y'],
  year: [1900, 2101, '%Y'],
}
/** Digits of kinds whose first one may be a zero. */
const widths: Partial<Record<NumberTime, number>> = { yymmdd: 6, yymmddhh: 8, ddmmyyyy: 8, mmddyyyy: 8 }
/** The number of a calendar kind as text. */
const digitsOf = (kind: NumberTime, number: string): string => {
  const digits = `TRY_CAST(${number} AS BIGINT)::VARCHAR`
  const width = widths[kind]
  return width === undefined ? digits : `CASE WHEN ${number} >= 0 THEN lpad(${digits}, ${width}, '0') END`
}
/** SQL: whether digits are a day with its year at the end, from 1970 to next year; the first zero may be lost. */
export const isLateYear = (kind: 'ddmmyyyy' | 'mmddyyyy', digits: string): string =>
  `(regexp_full_match(${digits}, '[0-9]{7,8}') AND coalesce(year(try_strptime(lpad(${digits}, 8, '0'), '${calendar[kind]?.[2] ?? ''}')) BETWEEN 1970 AND ${new Date().getUTCFullYear() + 1}, false))`
/** SQL: whether digits with a year of two digits are an existing day, or an hour of one. */
export const isShortYear = (kind: 'yymmdd' | 'yymmddhh', digits: string): string =>
  `(strlen(${digits}) = ${widths[kind] ?? 0} AND regexp_full_match(${digits}, '[0-9]+') AND try_strptime(${digits}, '${calendar[kind]?.[2] ?? ''}') IS NOT NULL)`

const perSecond: Partial<Record<NumberTime, number>> = {
  seconds: 1,
  milliseconds: 1e3,
  microseconds: 1e6,
  nanoseconds: 1e9,
}
/** Units that count from another year than 1970: how many units a second has, and how many seconds before 1970 that year is. */
const sinceOtherYears: Partial<Record<NumberTime, { readonly perSecond: number; readonly before: number }>> = {
  webkit: { perSecond: 1e6, before: 11_644_473_600 },
  filetime: { perSecond: 1e7, before: 11_644_473_600 },
  ticks: { perSecond: 1e7, before: 62_135_596_800 },
}
/** Seconds from 1970 to 2001, from which Apple's programs count. */
export const appleEpoch = 978_307_200
/** Times as 20240331123000999. A double does not hold their last digit: they are read as whole numbers. */
const longest = { from: 19_000_101e9, until: 21_010_000e9, format: '%Y%m%d%H%M%S' } as const

/** Units finer than a microsecond. */
const fineKinds: readonly NumberTime[] = ['nanoseconds', 'filetime', 'ticks']
export const isFine = (kinds: readonly NumberTime[]): boolean => kinds.some((kind) => fineKinds.includes(kind))
/** 1990, in seconds since 1970: if several units are possible, none of them may mean an earlier year. */
export const START_OF_1990 = 631_152_000

/** 1973 and 2100, in seconds: numbers outside of this range are not times of ratings. */
const [earliest, latest] = [1e8, 4.102e9]
/** 1954 and 2119 as days since 1900. */
const [firstSerial, lastSerial] = [20_000, 80_000]

/** SQL: whether a number is a time of this kind. Calendar kinds must be an existing day. */
export function lies(kind: NumberTime, number: string): string {
  const dates = calendar[kind]
  if (dates)
    return `(${number} >= ${dates[0]} AND ${number} < ${dates[1]} AND ${number} = trunc(${number}) AND try_strptime(${digitsOf(kind, number)}, '${dates[2]}') IS NOT NULL)`
  if (kind === 'yyyymmddhhmmssmmm')
    return `(${number} >= ${longest.from} AND ${number} < ${longest.until} AND ${number} % 1e5 <= 6e4 AND try_strptime(floor(${number} / 1e5)::BIGINT::VARCHAR, '%Y%m%d%H%M') IS NOT NULL)`
  const other = sinceOtherYears[kind]
  if (other)
    return `(${number} >= ${(START_OF_1990 + other.before) * other.perSecond} AND ${number} < ${(latest + other.before) * other.perSecond})`
  const factor = perSecond[kind]
  if (factor !== undefined) return `(${number} >= ${earliest * factor} AND ${number} < ${latest * factor})`
  return kind === 'excel' ? `(${number} >= ${firstSerial} AND ${number} < ${lastSerial})` : 'true'
}

/** SQL: seconds since 1970. */
function secondsOf(kind: NumberTime, number: string, fine: boolean): string {
  const dates = calendar[kind]
  if (dates) return `epoch(try_strptime(${digitsOf(kind, number)}, '${dates[2]}')::TIMESTAMPTZ)`
  if (kind === 'yyyymmddhhmmssmmm')
    return `epoch(try_strptime((time_whole // 1000)::VARCHAR, '${longest.format}')::TIMESTAMPTZ) + time_whole % 1000 / 1000`
  // A fraction of a day is inexact: 13:00:00 is slightly before it.
  if (kind === 'excel') return `round((${number} - 25569) * 86400000) / 1000`
  // A double cannot hold all digits of these: their microseconds are counted in whole numbers.
  const other = sinceOtherYears[kind]
  if (other) return `(time_whole // ${other.perSecond / 1e6} - ${other.before}000000) / 1e6`
  if (kind === 'nanoseconds' && fine) return '(time_whole // 1000) / 1e6'
  if (kind === 'apple') return `${number} + ${appleEpoch}`
  return kind === 'sequence' || kind === 'seconds' ? number : `${number} / ${perSecond[kind] ?? 1}`
}

/** Milliseconds in .NET's JSON. */
const dotNet = String.raw`\s*/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/\s*`
/** Seconds and finer with their thousands grouped: too long for anything else. */
const longGrouped = String.raw`\s*\d{1,3}(?:([,. '\x{a0}\x{202f}])\d{3}){3,6}\s*`

/** A month and its year, which may look like a number. */
const pointedMonth = String.raw`\s*(?:0?[1-9]|1[0-2])\.(?:19|20)\d{2}\s*`
export const isPointedMonth = (column: string): string => `regexp_full_match(${column}, ${text(pointedMonth)})`

/** SQL of a text as the number of a time. A comma is a decimal mark if it cannot group thousands. */
export const timeNumber = (column: string, pointedMonths = false): string =>
  pointedMonths ? `CASE WHEN NOT ${isPointedMonth(column)} THEN ${numberOf(column)} END` : numberOf(column)

const numberOf = (column: string): string =>
  `coalesce(TRY_CAST(${column} AS DOUBLE),
    CASE WHEN strlen(${column}) > 11 AND regexp_full_match(${column}, ${text(longGrouped)}) THEN TRY_CAST(regexp_replace(${column}, '\\D', '', 'g') AS DOUBLE) END,
    CASE WHEN contains(${column}, '/Date(') THEN TRY_CAST(regexp_extract(${column}, ${text(dotNet)}, 1) AS DOUBLE) END,
    CASE WHEN contains(${column}, ',') AND regexp_full_match(${column}, '\\s*-?\\d{4,},\\d+\\s*') THEN TRY_CAST(replace(${column}, ',', '.') AS DOUBLE) END)`

/**
 * SQL of a time in seconds since 1970, in the steps of a conversion: from the column `time_text` to `time`, and to `fine` if the form has
 * it; NULL if a text is not a time of that form.
 */
export function timeSteps({ numbers, said, texts, fine, pointedMonths }: TimeForm): Readonly<Record<string, string>>[] {
  const cases = numbers.map((kind) => {
    const seconds = secondsOf(kind, 'time_number', fine)
    return said || kind === 'sequence'
      ? `WHEN time_number IS NOT NULL THEN ${seconds}`
      : `WHEN ${lies(kind, 'time_number')} THEN ${seconds}`
  })
  const number = cases.length === 0 ? 'NULL::DOUBLE' : `CASE ${cases.join(' ')} END`
  const wholes =
    fine || numbers.includes('webkit') || numbers.includes('yyyymmddhhmmssmmm')
      ? { time_whole: 'TRY_CAST(time_text AS BIGINT)' }
      : {}
  const fineCases = numbers
    .filter((kind) => fineKinds.includes(kind))
    .map((kind) => {
      const nanos = kind === 'nanoseconds' ? 'time_whole % 1000' : 'time_whole % 10 * 100'
      return `WHEN ${said ? 'true' : lies(kind, 'time_number')} THEN ${nanos}`
    })
  const wholeFine = fineCases.length > 0 ? `CASE ${fineCases.join(' ')} END` : '0'
  const fineOf = (sql: string): Readonly<Record<string, string>> => (fine ? { fine: `(${sql})::SMALLINT` } : {})
  if (texts === null)
    return [
      { time_number: timeNumber('time_text'), ...wholes },
      { time: number, ...fineOf(`coalesce(${wholeFine}, 0)`) },
    ]
  if (texts === 'iso')
    return [
      { time_number: numbers.length === 0 ? 'NULL::DOUBLE' : timeNumber('time_text') },
      { time: `CASE WHEN time_number IS NOT NULL THEN ${number} ELSE ${isoSeconds} END` },
    ]
  const { name, clocks, regions } = texts
  const code = `enum_code(TRY_CAST(${clocks ? dateKey('time_shown') : `trim(time_text, ' \t\u00a0')`} AS ${name}))`
  const steps: Record<string, string>[] = [
    {
      time_number: timeNumber('time_text', pointedMonths),
      ...wholes,
      ...(clocks ? { time_shown: timeText('time_text') } : {}),
    },
    { time_code: code },
    {
      time_day: `getvariable('${name}_seconds')[time_code + 1]`,
      ...(regions ? { time_zone: `getvariable('${name}_zones')[time_code + 1]` } : {}),
      ...(clocks
        ? {
            time_clock: `regexp_extract(time_shown, ${text(clockPattern)}, ['before', 'h', 'm', 's', 'f', 'half'])`,
          }
        : {}),
    },
  ]
  if (!clocks) {
    const day = regions ? withZone('(time_day * 1e6)::BIGINT') : 'time_day'
    return [
      ...steps,
      {
        time: `CASE WHEN time_number IS NOT NULL THEN ${number} ELSE ${day} END`,
        ...fineOf(`coalesce(${wholeFine}, 0)`),
      },
    ]
  }
  const part = (of: string): string => `coalesce(TRY_CAST(time_clock.${of} AS INTEGER), 0)`
  steps.push({
    time_hour: `CASE WHEN time_clock.half = '' THEN ${part('h')} WHEN lower(time_clock.half) = 'p' AND ${part('h')} < 12 THEN ${part('h')} + 12
      WHEN lower(time_clock.half) = 'a' AND ${part('h')} = 12 THEN 0 ELSE ${part('h')} END`,
    time_nanos: `CASE WHEN time_clock.f = '' THEN 0 ELSE rpad(time_clock.f, 9, '0')::INTEGER END`,
  })
  const micros = `(time_day * 1e6)::BIGINT + (time_hour * 3600 + ${part('m')} * 60 + ${part('s')})::BIGINT * 1000000 + time_nanos // 1000`
  const valid = `(time_hour < 24 OR (time_hour = 24 AND ${part('m')} + ${part('s')} = 0)) AND ${part('m')} < 60 AND ${part('s')} < 61`
  const moment = regions ? withZone(micros) : `(${micros}) / 1e6`
  return [
    ...steps,
    {
      time: `CASE WHEN time_number IS NOT NULL THEN ${number} WHEN ${valid} THEN ${moment} END`,
      ...fineOf(`CASE WHEN time_number IS NOT NULL THEN coalesce(${wholeFine}, 0) ELSE time_nanos % 1000 END`),
    },
  ]
}

/** SQL: microseconds of a region's clock as seconds since 1970; its offset changes with the season. */
const withZone = (micros: string): string =>
  `CASE WHEN time_zone IS NULL THEN (${micros}) / 1e6 ELSE epoch(timezone(time_zone, make_timestamp(${micros}))) END`

/** DuckDB takes other texts for times, too: names of zones, with offsets from another source, and it cuts fractions finer than microseconds. */
const isoSeconds = `CASE WHEN (right(time_text, 1) BETWEEN '0' AND '9' OR ends_with(time_text, 'Z'))
  AND (strlen(time_text) <= 26 OR regexp_full_match(time_text, ${text(String.raw`.{19}(\.\d{1,6})?(Z|[+-]\d{2}(:?\d{2})?)?`)}))
  THEN epoch(TRY_CAST(time_text AS TIMESTAMPTZ)) END`
/** The texts that `iso` reads: no other text is examined more closely. */
export const isoPattern =
  /^(?!2[4-6])\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/

/** SQL: whether a row’s time is unknown, from the columns that `timeSteps` makes. */
export const isPlaceholder = ({ placeholders, epochIsNone }: TimeForm): string =>
  [
    placeholders.length > 0 &&
      `coalesce(${isOneOf(
        'time_number',
        placeholders.map((number) => `${number}::DOUBLE`),
      )}, false)`,
    epochIsNone && 'coalesce(time = 0, false)',
  ]
    .filter((sql) => sql !== false)
    .join(' OR ') || 'false'
