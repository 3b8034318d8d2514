import { wasChosen } from '../../../shared/certainty'
import type { DuckDBConnection } from '@duckdb/node-api'
import { badInput } from '../../../shared/errors'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice, DateOrder, ReadingOverrides } from '../../../shared/reading'
import { identifier, isNone, text } from '../duckdb'
import type { Source } from '../load-table'
import { bareHour, clockPattern, dateKey, timeText } from './clock-text'
import { decideOrder, type OrderDecision, type SeenDate } from './date-order'
import { calendarIn, hasDayOfYear, isCroatian, mayBeCroatian, type OtherCalendar, parseDate } from './date-text'
import { plainWord, zones } from './date-words'
import { describer, type SeenColumns, sentence } from './seen-columns'
import { earlier, type Spot } from './spot'
import {
  appleEpoch,
  type DateDictionary,
  isFine,
  isLateYear,
  isPointedMonth,
  isShortYear,
  lies,
  type NumberTime,
  numberTimes,
  saidOnly,
  type TimeForm,
  timeNumber,
  START_OF_1990,
} from './time-form'

/** The maximum number of different dates of a column that are examined; a column with more does not have dates. */
const mostDates = 200_000
/** The minimum share of numbers that are of one kind of calendar number, because other numbers also look like days and years. */
const calendarShare = 0.99
/** 1990 in the units that programs count since 1970. Fewer earlier times than `mostEarly` have probably lost a digit. */
const earliest = {
  seconds: START_OF_1990,
  milliseconds: 1e3 * START_OF_1990,
  microseconds: 1e6 * START_OF_1990,
} as const
const mostEarly = 0.05
/** Fewer numbers among dates, or dates among numbers, are errors. */
const slips = 0.001
/** The maximum share of values that are not times without a warning: they are listed among the rejected rows. */
const mostUnread = 0.01

interface Counted {
  rows: number
  spot: Spot | null
  min: number
  max: number
  /** Rows whose number was rounded to too few digits, such as 1.64145E+09. */
  rounded: number
  /** Rows whose number would lie before 1990, if it counts seconds or fractions of seconds since 1970. */
  early: number
}
type NumberClass = NumberTime | 'placeholder' | 'negative'

/** Seconds and milliseconds that programs write for an unknown time. */
const placeholders = [2_147_483_647, 4_294_967_295, 9_999_999_999, 253_402_300_799, 253_402_214_400, 99_991_231]
const allPlaceholders = [0, -1, ...placeholders, ...placeholders.slice(0, 5).map((seconds) => seconds * 1000)]

export interface TimeEvidence {
  readonly form: TimeForm
  readonly choices: readonly Choice[]
}

/** The notation of a column's times, from all of its values. @throws StudioError BAD_INPUT if the values do not show it */
export async function timeEvidence(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  {
    dateOrder: saidOrder,
    times: saidTimes,
    missingTimes,
  }: Pick<ReadingOverrides, 'dateOrder' | 'times' | 'missingTimes'>,
): Promise<TimeEvidence> {
  const months = saidTimes === undefined ? await pointedMonths(connection, columns, column) : null
  const numbers = withoutChance(await seenNumbers(connection, columns, column, months !== null))
  const dates = await seenDates(connection, columns, column, { pointedMonths: months !== null, daysOfYear: true })
  const numberRows = [...numbers.values()].reduce((sum, { rows }) => sum + rows, 0)
  const dateRows = dates.rows - dates.unread - dates.placeholderRows
  const filled = numberRows + dates.rows
  const choices: Choice[] = []
  const spots: (Spot | null)[] = []
  const kept = missingTimes === 'oldest'
  const fate = kept ? 'kept as the oldest' : 'rejected'

  const byRange = kindsOf(numbers)
  const mayHaveDigits = saidTimes === undefined && dates.rows === 0 && mayHaveShortYear(byRange)
  // Days as 01022019 also have the digits of hours of the 20th of a month.
  const digits = mayHaveDigits ? await digitsIn(connection, columns, column) : null
  const lateYear = digits && (await lateYearKind(connection, digits, saidOrder))
  const shortYear = digits && !lateYear ? await shortYearKind(connection, digits) : null
  const saidOrShown = saidTimes ?? shortYear ?? lateYear?.kind
  const found = saidOrShown ? { kinds: [saidOrShown], mixed: false } : byRange
  // A few numbers among dates are errors, and beside dates, numbers without a unit are not times.
  const noTimes = numberRows <= slips * filled || (!saidTimes && dateRows >= numberRows && !hasUnit(found))
  const kinds = noTimes ? { kinds: [], mixed: false } : found
  const isSequence = kinds?.kinds.includes('sequence') ?? false
  const spotOfNumber = [...numbers].filter(([kind]) => kind !== 'placeholder' && kind !== 'negative')
  spots.push(...spotOfNumber.map(([, { spot }]) => spot))
  const order = dates.seen.length === 0 ? null : decideOrder(dates.seen, dates.hints)
  const clash = order !== null && order.against !== null && saidOrder === undefined && columns.tables.length > 1
  const byFile = clash ? await ordersOfFiles(connection, columns, column) : null
  spots.push(...(byFile ?? []).map(({ order: { proof } }) => proof))
  spots.push(
    order?.proof ?? null,
    order?.against ?? null,
    dates.ambiguousZone,
    dates.dayBeforeMonth,
    dates.first,
    dates.buddhist,
    dates.persian,
    dates.japanese,
    dates.twoZones,
    dates.dayOrYear,
    dates.dayOfYear,
    dates.otherClocks.hour,
    dates.otherClocks.beyond,
  )
  const placeholder = numbers.get('placeholder') ?? null
  spots.push(placeholder?.spot ?? null, dates.placeholder)
  const say = await describer(connection, columns, spots)
  const choice = (of: Pick<Choice, 'about' | 'value' | 'certainty' | 'evidence'> & Partial<Choice>): void =>
    void choices.push({
      file: null,
      column,
      affectsData: true,
      control: of.about === 'dates' ? 'Dates' : 'Times',
      option:
        of.about === 'dates'
          ? '--dates day-first or month-first'
          : '--times seconds, milliseconds, excel, … (see vasp import --help)',
      ...of,
    })

  if (kinds === null) {
    const examples = spotOfNumber.map(([, { spot }]) => say(spot))
    throw badInput(
      `The numbers of the time column “${column}” are of several kinds: ${examples.slice(0, 3).join('; ')}.`,
      'Choose their unit with --times (Times in the app), or leave the times out with --time none (Time).',
    )
  }
  if (dates.dayBeforeMonth)
    throw badInput(
      `The dates of the column “${column}” have year, day and month in this order: ${say(dates.dayBeforeMonth)}.`,
      'Write them as year, month and day (2024-03-31), or leave the times out with --time none (in the app: Time).',
    )
  if (haveNoClocks(dates))
    throw badInput(
      `The time column “${column}” has numbers after its days that are no times of day: ${say(dates.otherClocks.beyond)}.`,
      'Choose a column with days alone or with whole times (--time COLUMN; in the app: Time), or none (--time none).',
    )
  if (order?.contradictory && saidOrder === undefined && !byFile)
    throw badInput(
      `The dates of the column “${column}” have contradictory orders of day and month: ${say(order.proof)}, ${say(order.against)}.`,
      'Choose the right order with --dates (Dates in the app): the other dates are then rejected or misread. It is better to export the column as 2024-03-31.',
    )
  if (kinds.kinds.length > 0)
    choice(
      lateYear
        ? lateYearChoice(lateYear, numbers, say)
        : numberChoice(numbers, kinds, saidTimes !== undefined, fate, say),
    )
  if (byFile) {
    refuseUnproven(column, byFile, say)
    for (const { source, order: own } of byFile.filter(({ order }) => isProven(order)))
      choice({
        about: 'dates',
        file: source.name,
        value: orderNames[own.order],
        certainty: 'likely',
        evidence: `${sentence(say(own.proof))} Another file proves another order, so each file is read in its own order.`,
      })
  } else if (order && (saidOrder !== undefined || order.matters || order.against)) {
    const proven = saidOrder === undefined && isProven(order) && order.against === null
    const unproven = proven ? await filesWithoutProof(connection, columns, column) : []
    choice(withoutProof(orderChoice(order, saidOrder, fate, say), unproven))
  }
  const used = saidOrder ?? order?.order ?? 'dayFirst'
  if (kinds.kinds.length > 0 && !isSequence && dateRows > slips * filled && numberRows > slips * filled)
    choice({
      about: 'dates',
      value: `${formatCounted(dateRows, 'date')} beside ${formatCounted(numberRows, 'number')}`,
      certainty: 'guess',
      evidence: `${sentence(say(dates.first))}${kinds.kinds.includes('excel') ? ' Excel may have swapped day and month where it converted dates to numbers.' : ''}`,
    })
  for (const [calendar, value] of Object.entries(calendars) as [OtherCalendar, string][])
    if (dates[calendar])
      choice({ about: 'dates', value, certainty: 'likely', evidence: sentence(say(dates[calendar])) })
  if (dates.twoDigitYear)
    choice({
      about: 'dates',
      value: 'two-digit years as 1969 … 2068',
      certainty: 'likely',
      evidence: sentence(say(dates.twoDigitYear)),
    })
  if (dates.dayOrYear)
    choice({
      about: 'dates',
      value: 'months of a year of two digits',
      certainty: dates.surelyYears ? 'likely' : 'guess',
      evidence: `${sentence(say(dates.dayOrYear))}${dates.surelyYears ? '' : ' It may be a day without its year.'}`,
      option: 'dates with a year of four digits, or --time none to leave the times out',
    })
  if (dates.otherMonth)
    choice({
      about: 'dates',
      value: 'names of months as in Polish and Czech',
      certainty: 'guess',
      evidence: `${sentence(say(dates.first))} In Croatian, the same names are those of other months, as listopad of October instead of November.`,
      option: 'months as numbers, such as 2024-10-31, or --time none to leave the times out',
    })
  if (months)
    choice({
      about: 'dates',
      value: 'months as 05.2023',
      certainty: months.certain ? 'likely' : 'guess',
      evidence: `All ${formatCounted(dates.rows, 'value')} have the number of a month, a point and a year.${months.certain ? '' : ' They may be numbers with four decimals.'}`,
      control: 'Times',
      option: '--times sequence to read them as numbers',
    })
  if (dates.dayOfYear)
    choice({
      about: 'dates',
      value: 'days of the year as 2023-036',
      certainty: 'likely',
      evidence: sentence(say(dates.dayOfYear)),
      control: 'Time',
      option: '--time none to leave the times out',
    })
  if (dates.otherClocks.hour)
    choice({
      about: 'times',
      value: 'hours without minutes',
      certainty: 'likely',
      evidence: sentence(say(dates.otherClocks.hour)),
      control: 'Time',
      option: '--time none to leave the times out',
    })
  const inName = zoneInName(column)
  if (dates.twoZones)
    choice({
      about: 'times',
      value: 'the offset in digits, where a time has two zones',
      certainty: 'guess',
      evidence: sentence(say(dates.twoZones)),
      control: 'Time',
      option: 'times with one zone, or --time none to leave the times out',
    })
  if (dates.ambiguousZone)
    choice({
      about: 'times',
      value: `${zoneName(dates.ambiguousZone.text)} as the most frequent of the zones of that name`,
      certainty: 'guess',
      evidence: sentence(say(dates.ambiguousZone)),
      option: 'times with an offset such as +05:30',
    })
  else if (dates.rows > 0 && dates.clocks)
    choice({
      about: 'times',
      ...zoneFinding(dates, inName),
    })
  const unreadNumbers = noTimes ? [...numbers.values()].reduce((sum, { rows }) => sum + rows, 0) : 0
  const unreadable = dates.unread + unreadNumbers
  const unreadSpot = dates.unreadSpot ?? (noTimes ? (spotOfNumber[0]?.[1].spot ?? null) : null)
  const undated = `Such rows are ${fate}.`
  const ofMissing = {
    about: 'times',
    control: 'Missing times',
    option: kept
      ? '--missing-times reject'
      : '--missing-times oldest to keep such rows as the oldest, or --time none to leave all times out',
  } as const
  if (unreadable > 0 && unreadSpot)
    choice({
      ...ofMissing,
      value: `no time for ${formatCounted(unreadable, 'value')}`,
      certainty: unreadable > mostUnread * filled ? 'guess' : 'likely',
      evidence: `${sentence((await describer(connection, columns, [unreadSpot]))(unreadSpot))} ${undated}`,
    })
  if (!isSequence && placeholder?.spot)
    choice({
      about: 'times',
      value: `no time for ${formatCounted(placeholder.rows, 'number')}`,
      certainty: 'guess',
      evidence: `${sentence(say(placeholder.spot))} ${undated}`,
      option: '--missing-times oldest to keep such rows, or --times sequence to store the numbers as they are',
    })
  if (dates.placeholder)
    choice({
      ...ofMissing,
      value: `no time for ${formatCounted(dates.placeholderRows, 'date')}`,
      certainty: 'guess',
      evidence: `${sentence(say(dates.placeholder))} ${undated}`,
    })
  const early = earlyDates(dates.seen, used)
  // Numbers below zero are dates only in a unit that was chosen; others are without a time.
  const below = isSequence || noTimes || (kept && saidTimes === undefined) ? undefined : numbers.get('negative')
  const earlyRows = early.rows + (below?.rows ?? 0)
  const earlySpot = early.spot ?? below?.spot ?? null
  if (earlySpot)
    choice({
      ...ofMissing,
      value: `${formatCounted(earlyRows, 'time')} before 1970`,
      certainty: kept ? 'certain' : earlyRows > mostUnread * filled ? 'guess' : 'likely',
      evidence: `${sentence((await describer(connection, columns, [earlySpot]))(earlySpot))} ${kept ? 'Such times are kept as they stand.' : 'Such rows are rejected.'}`,
    })
  const dictionary = dates.seen.length === 0 ? null : await makeDictionary(connection, dates, used)
  const dictionaries = new Map<Source, DateDictionary>()
  for (const { source, dates: own, order: decided } of byFile ?? [])
    dictionaries.set(source, { ...(await makeDictionary(connection, own, decided.order)), clocks: dates.clocks })
  return {
    form: {
      numbers: kinds.kinds,
      said: saidTimes !== undefined,
      texts: dictionary,
      textsOf: byFile && dictionaries,
      placeholders: isSequence ? [] : allPlaceholders.filter((number) => number >= 0),
      epochIsNone: dates.epochIsNone,
      fine: isFine(kinds.kinds) || dates.fine,
      pointedMonths: months !== null,
    },
    choices,
  }
}

/** The time zone at the end of a column's name, “Created (CET)”; null if it has none. */
export function zoneInName(column: string): { readonly name: string; readonly offset: number } | null {
  const written = /(?:[\s([_.-])(?:([A-Z]{3,4})|(?:(?:UTC|GMT)\s?)?([+-])(\d{1,2})(?::?(\d{2}))?)[)\]]?\s*$/.exec(
    column,
  )
  if (!written) return null
  const [whole, name, sign, hours, minutes] = written
  if (name === undefined) {
    // A number after a hyphen is a part of the name unless something says UTC: “day-3”.
    if (!/UTC|GMT|:/.test(whole)) return null
    const offset = Number(hours) * 60 + Number(minutes ?? 0)
    return { name: whole.replaceAll(/^[\s([_.-]+|[)\]\s]+$/g, ''), offset: sign === '+' ? offset : -offset }
  }
  const offset = zones.get(plainWord(name))
  return offset === undefined ? null : { name, offset }
}

/** The zone of times, in the light of the one in their column's name. */
function zoneFinding(
  { seen, zoned, rows, unread }: Pick<SeenDates, 'seen' | 'zoned' | 'rows' | 'unread'>,
  inName: ReturnType<typeof zoneInName>,
): Pick<Choice, 'value' | 'certainty' | 'evidence'> & Partial<Choice> {
  const option = 'times that name their zone, or --time none to leave the times out'
  if (zoned === 0) {
    if (inName === null) return { value: 'UTC', certainty: 'likely', evidence: 'No time names a zone.' }
    const evidence = `No time names a zone, but the name of the column says ${inName.name}`
    return inName.offset === 0
      ? { value: 'UTC', certainty: 'certain', evidence: `${evidence}.` }
      : { value: 'UTC', certainty: 'guess', evidence: `${evidence}: then all of them are off by its offset.`, option }
  }
  const value = 'the zone that each names'
  const stands = `A zone stands in ${formatCounted(zoned, 'row')}`
  const others =
    inName && seen.some(({ date }) => date.region !== null || (date.offset !== null && date.offset !== inName.offset))
  const without = rows - unread - zoned
  if (without > 0)
    return {
      value,
      certainty: 'guess',
      evidence: `${stands}, but not in ${formatCount(without)}, ${without === 1 ? 'which is' : 'which are'} read as UTC.`,
      option,
    }
  return inName && others
    ? { value, certainty: 'guess', evidence: `${stands}, but the name of the column says ${inName.name}.`, option }
    : { value, certainty: 'certain', evidence: `${stands}.` }
}

/** The dates before 1970, with the first of them; a time zone moves them by hours only. */
function earlyDates(seen: SeenDates['seen'], order: DateOrder): { readonly rows: number; readonly spot: Spot | null } {
  const before = seen.filter(({ date }) => (date.days[order] ?? 0) < 0)
  return {
    rows: before.reduce((sum, { rows }) => sum + rows, 0),
    spot: before.reduce<Spot | null>((first, { spot }) => earlier(first, spot), null),
  }
}

const hasUnit = (found: { kinds: readonly NumberTime[] } | null): boolean =>
  found !== null && !found.kinds.includes('sequence')

/** Whether all values of a column are months such as 05.2023, which look like numbers; `certain` if one of them has a zero before it. */
async function pointedMonths(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
): Promise<{ readonly certain: boolean } | null> {
  const value = identifier(column)
  let [filled, certain] = [0, false]
  for (const { table } of columns.tables) {
    const result = await connection.runAndReadAll(
      `SELECT count(*), count(*) FILTER (${isPointedMonth(value)}), count(*) FILTER (starts_with(ltrim(${value}), '0'))
       FROM ${table} WHERE NOT ${isNone(value)}`,
    )
    const [all = 0, fitting = 0, withZero = 0] = (result.getRows()[0] ?? []).map(Number)
    if (fitting < all) return null
    filled += all
    certain ||= withZero > 0
  }
  return filled > 0 ? { certain } : null
}

/** Different numbers that chance hardly makes days or hours. */
const fewestShortYears = 5

const mayHaveShortYear = (found: { kinds: readonly NumberTime[] } | null): boolean =>
  found === null || (found.kinds.length > 0 && found.kinds.every((kind) => kind === 'sequence' || kind === 'excel'))

/** The numbers of a column without those that stand for no time. Reading each as a day takes seconds in large files, and most columns of numbers have several lengths. */
interface Digits {
  /** SQL of a table of their texts, `digits`. */
  readonly all: string
  readonly shortest: number
  readonly longest: number
}

async function digitsIn(connection: DuckDBConnection, columns: SeenColumns, column: string): Promise<Digits> {
  const value = identifier(column)
  const all = columns.tables
    .map(
      ({ table }) =>
        `SELECT trim(${value}) AS digits FROM ${table} WHERE NOT ${isNone(value)} AND coalesce(TRY_CAST(${value} AS DOUBLE) NOT IN (${allPlaceholders.join(', ')}), true)`,
    )
    .join(' UNION ALL ')
  const lengths = await connection.runAndReadAll(`SELECT min(strlen(digits)), max(strlen(digits)) FROM (${all})`)
  const [shortest = NaN, longest = NaN] = (lengths.getRows()[0] ?? []).map(Number)
  return { all, shortest, longest }
}

/** The kind of numbers that all have the digits of a day, or of its hour, after a year of two digits up to the next one; null if there is none. */
async function shortYearKind(
  connection: DuckDBConnection,
  { all, shortest, longest }: Digits,
): Promise<'yymmdd' | 'yymmddhh' | null> {
  if (shortest !== longest) return null
  const nextYear = (new Date().getUTCFullYear() + 1) % 100
  const isPast = `(left(digits, 2) >= '70' OR left(digits, 2) <= '${String(nextYear).padStart(2, '0')}')`
  const kinds = ['yymmdd', 'yymmddhh'] as const
  const result = await connection.runAndReadAll(
    `SELECT count(*), ${kinds.map((kind) => `count(*) FILTER (${isShortYear(kind, 'digits')} AND ${isPast})`).join(', ')}
     FROM (SELECT DISTINCT digits FROM (${all}))`,
  )
  const [different = 0, ...fitting] = (result.getRows()[0] ?? []).map(Number)
  if (different < fewestShortYears) return null
  return kinds.find((_, at) => fitting[at] === different) ?? null
}

/** The kind of numbers that are days with the year at the end, and whether the other order of day and month is possible, too. */
interface LateYear {
  readonly kind: 'ddmmyyyy' | 'mmddyyyy'
  readonly isOpen: boolean
}

/** The kind of numbers that are all days with the year at the end; null if one of them is none, or if they are few. */
async function lateYearKind(
  connection: DuckDBConnection,
  { all, shortest, longest }: Digits,
  said: DateOrder | undefined,
): Promise<LateYear | null> {
  if (shortest < 7 || longest > 8) return null
  const kinds = ['ddmmyyyy', 'mmddyyyy'] as const
  const result = await connection.runAndReadAll(
    `SELECT count(*), ${kinds.map((kind) => `count(*) FILTER (${isLateYear(kind, 'digits')})`).join(', ')}
     FROM (SELECT DISTINCT digits FROM (${all}))`,
  )
  const [different = 0, dayFirst, monthFirst] = (result.getRows()[0] ?? []).map(Number)
  if (different < fewestShortYears) return null
  const [mayBeDay, mayBeMonth] = [dayFirst === different, monthFirst === different]
  if (!mayBeDay && !mayBeMonth) return null
  const isOpen = mayBeDay && mayBeMonth
  return {
    kind: mayBeDay && !(isOpen && said === 'monthFirst') ? 'ddmmyyyy' : 'mmddyyyy',
    isOpen: isOpen && said === undefined,
  }
}

function lateYearChoice(
  { kind, isOpen }: LateYear,
  numbers: ReadonlyMap<NumberClass, Counted>,
  say: (spot: Spot | null) => string,
): Pick<Choice, 'about' | 'value' | 'certainty' | 'evidence'> & Partial<Choice> {
  const [spot] = [...numbers.values()].flatMap(({ spot }) => spot ?? [])
  const shown = sentence(say(spot ?? null))
  return {
    about: 'times',
    value: kindNames[kind],
    certainty: isOpen ? 'guess' : 'likely',
    evidence: isOpen
      ? `${shown} All numbers of the column are such days; as no day is above 12, the month may also stand first.`
      : `${shown} All numbers of the column are such days.`,
    option: isOpen ? '--times mmddyyyy' : '--times sequence, which reads them as numbers',
  }
}

/** The numbers of a column by kind, without values that are not numbers. */
async function seenNumbers(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  pointedMonths: boolean,
): Promise<Map<NumberClass, Counted>> {
  const found = new Map<NumberClass, Counted>()
  const ranges = numberTimes
    .filter((kind) => !saidOnly.includes(kind))
    .map((kind) => `WHEN ${lies(kind, 'n')} THEN '${kind}'`)
    .join(' ')
  for (const [file, { table }] of columns.tables.entries()) {
    const result = await connection.runAndReadAll(
      `SELECT kind, count(*), min(line), arg_min(v, line), min(n), max(n), count(*) FILTER (regexp_matches(v, '^\\s*\\d([.,]\\d{1,7})?[eE]\\+')),
         count(*) FILTER (n < CASE kind ${Object.entries(earliest)
           .map(([kind, first]) => `WHEN '${kind}' THEN ${first}`)
           .join(' ')} END) FROM (
         SELECT *, CASE WHEN n IN (${allPlaceholders.join(', ')}) THEN 'placeholder' WHEN n < 0 THEN 'negative' ${ranges} ELSE 'sequence' END AS kind
         FROM (SELECT ${identifier(column)} AS v, ${timeNumber(identifier(column), pointedMonths)} AS n, rowid AS line FROM ${table})
         WHERE n IS NOT NULL AND isfinite(n)) GROUP BY kind`,
    )
    for (const [kind, rows, row, value, min, max, rounded, early] of result.getRows()) {
      const name = String(kind) as NumberClass
      const before = found.get(name)
      const spot: Spot = { file, row: Number(row), text: String(value) }
      found.set(name, {
        rows: (before?.rows ?? 0) + Number(rows),
        spot: earlier(before?.spot ?? null, spot),
        min: Math.min(before?.min ?? Infinity, Number(min)),
        max: Math.max(before?.max ?? -Infinity, Number(max)),
        rounded: (before?.rounded ?? 0) + Number(rounded),
        early: (before?.early ?? 0) + Number(early),
      })
    }
  }
  return found
}

/** Nanoseconds since 1970 of 1974 and 1990 look like the counts of Windows and .NET: beside other numbers they have the same unit as these. */
function withoutChance(numbers: Map<NumberClass, Counted>): Map<NumberClass, Counted> {
  const nanoseconds = numbers.get('nanoseconds')
  if (!nanoseconds) return numbers
  let all = nanoseconds
  for (const kind of ['filetime', 'ticks'] as const) {
    const alike = numbers.get(kind)
    if (!alike) continue
    numbers.delete(kind)
    all = {
      rows: all.rows + alike.rows,
      spot: alike.spot ? earlier(all.spot, alike.spot) : all.spot,
      min: Math.min(all.min, alike.min),
      max: Math.max(all.max, alike.max),
      rounded: all.rounded + alike.rounded,
      early: all.early + alike.early,
    }
  }
  return numbers.set('nanoseconds', all)
}

const epochs = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'webkit', 'filetime', 'ticks'] as const

/** The largest share of numbers that look like days or times by chance, among others that do not. */
const chanceShare = 0.05
/** The least share of numbers below zero, or below an epoch's range, that shows a count from another moment. */
const relativeShare = 0.01
/** Seconds since 1970 begin here, in 1973. */
const firstSecond = 1e8

type Counts = Pick<Counted, 'rows'> & Partial<Pick<Counted, 'min' | 'max'>>

/** The unit of a column's numbers; null if it cannot be known. */
export function kindsOf(
  numbers: ReadonlyMap<NumberClass, Counts>,
): { kinds: readonly NumberTime[]; mixed: boolean } | null {
  const rows = (kind: NumberClass): number => numbers.get(kind)?.rows ?? 0
  const sequence = { kinds: ['sequence'], mixed: false } as const
  const total = numberTimes.reduce((sum, kind) => sum + rows(kind), 0)
  const belowZero = isBelowZero(numbers.get('negative'), total)
  if (total === 0) return belowZero ? sequence : { kinds: [], mixed: false }
  const calendarKinds = numberTimes.filter(
    (kind) => !epochs.some((epoch) => epoch === kind) && !saidOnly.includes(kind),
  )
  for (const kind of calendarKinds)
    if (rows(kind) >= calendarShare * total)
      // Years and days since 1900 are small numbers, which a count from the beginning of a course reaches, too.
      return belowZero && (kind === 'excel' || kind === 'year') ? sequence : { kinds: [kind], mixed: false }
  const seenCalendar = calendarKinds.filter((kind) => kind !== 'excel' && rows(kind) > 0)
  if (seenCalendar.reduce((sum, kind) => sum + rows(kind), 0) >= calendarShare * total)
    return { kinds: seenCalendar, mixed: true }
  const seenEpochs = epochs.filter((kind) => rows(kind) > 0)
  const epochRows = seenEpochs.reduce((sum, kind) => sum + rows(kind), 0)
  if (runsIntoEpochs(numbers, total)) return sequence
  if (epochRows >= 0.5 * total) return { kinds: seenEpochs, mixed: seenEpochs.length > 1 }
  // Some of the numbers of a long count have the digits of a day, such as 19360105.
  const chance = epochRows + rows('yyyymmdd') + rows('yyyymmddhhmmss')
  return chance <= chanceShare * total ? sequence : null
}

/** Whether different numbers are below zero, and not only a few: they count from a moment that others precede. A single number stands for an unknown time. */
const isBelowZero = (negative: Counts | undefined, others: number): boolean =>
  negative !== undefined && negative.min !== negative.max && negative.rows >= relativeShare * (negative.rows + others)

/** Whether numbers run from below the range of seconds since 1970 into it without a gap: milliseconds since the start of a recording, for example. */
function runsIntoEpochs(numbers: ReadonlyMap<NumberClass, Counts>, total: number): boolean {
  const [below, within] = [numbers.get('sequence'), numbers.get('seconds')]
  if (below?.max === undefined || within?.min === undefined || below.rows < relativeShare * total) return false
  return below.max >= 0.5 * firstSecond && below.max < firstSecond && within.min < 2 * firstSecond
}

/** 1990 in nanoseconds since 1970; as ticks, the last days of 2000. */
const firstDoubtful = 1e9 * START_OF_1990

const kindNames: Readonly<Record<NumberTime, string>> = {
  yyyymmdd: 'days as 20240331',
  yyyymmddhhmmssmmm: 'times as 20240331123000999',
  yyyymmddhhmmss: 'times as 20240331123000',
  yyyymmddhhmm: 'times as 202403311230',
  yyyymmddhh: 'hours as 2024033112',
  yyyymm: 'months as 202403',
  ddmmyyyy: 'days as 31032024',
  mmddyyyy: 'days as 03312024',
  yymmdd: 'days as 240331',
  yymmddhh: 'hours as 24033112',
  year: 'years',
  excel: 'days since 1900, as Excel counts them',
  seconds: 'seconds since 1970',
  apple: 'seconds since 2001, as Apple counts them',
  milliseconds: 'milliseconds since 1970',
  microseconds: 'microseconds since 1970',
  nanoseconds: 'nanoseconds since 1970',
  webkit: 'microseconds since 1601, as WebKit counts them',
  filetime: '100 nanoseconds since 1601, as Windows counts them',
  ticks: '100 nanoseconds since the year 1, as .NET counts them',
  sequence: 'a sequence, not dates',
}

function numberChoice(
  numbers: ReadonlyMap<NumberClass, Counted>,
  { kinds, mixed }: { kinds: readonly NumberTime[]; mixed: boolean },
  said: boolean,
  fate: string,
  say: (spot: Spot | null) => string,
): Pick<Choice, 'about' | 'value' | 'certainty' | 'evidence'> {
  const value = kinds.map((kind) => kindNames[kind]).join(' and ')
  const about = 'times'
  if (said) return { about, value, certainty: 'certain', evidence: wasChosen }
  const used = kinds.map((kind) => numbers.get(kind)).filter((counted) => counted !== undefined)
  const rows = used.reduce((sum, counted) => sum + counted.rows, 0)
  const stray = [...numbers].filter(
    ([kind]) => kind !== 'placeholder' && kind !== 'negative' && !kinds.some((used) => used === kind),
  )
  if (kinds.includes('sequence')) return { about, value, certainty: 'guess', evidence: sequenceEvidence(numbers, say) }
  if (kinds.includes('yymmdd') || kinds.includes('yymmddhh')) {
    const [spot] = [...numbers.values()].flatMap(({ spot }) => spot ?? [])
    return {
      about,
      value,
      certainty: 'guess',
      evidence: `${sentence(say(spot ?? null))} All numbers of the column have such digits; but they may count something (sequence), which would put the interactions of one century in the same order.`,
    }
  }
  const range = `${formatCounted(rows, 'number')} from ${Math.min(...used.map(({ min }) => min))} to ${Math.max(...used.map(({ max }) => max))}.`
  const rounded = used.reduce((sum, counted) => sum + counted.rounded, 0)
  if (rounded > 0)
    return {
      about,
      value,
      certainty: 'guess',
      evidence: `${sentence(say(used[0]?.spot ?? null))} A spreadsheet rounded ${rounded === rows ? 'all' : formatCount(rounded)} of the ${formatCounted(rows, 'number')}: times that became equal are out of order. Export the column as whole numbers.`,
    }
  if (mixed)
    return {
      about,
      value,
      certainty: 'guess',
      evidence: `${sentence(used.map(({ spot }) => say(spot)).join('; '))} Each is read by its range.`,
    }
  if (stray.length > 0) {
    const strayRows = stray.reduce((sum, [, counted]) => sum + counted.rows, 0)
    return {
      about,
      value,
      certainty: 'guess',
      evidence: `${range} ${formatCounted(strayRows, 'other')} ${strayRows === 1 ? 'is' : 'are'} not, and will be ${fate}: ${stray.map(([, { spot }]) => say(spot)).join('; ')}.`,
    }
  }
  const early = used.reduce((sum, counted) => sum + counted.early, 0)
  if (early > 0 && early <= mostEarly * rows)
    return {
      about,
      value,
      certainty: 'guess',
      evidence: `${range} ${formatCounted(early, 'number')} would lie before 1990, unlike the others: ${early === 1 ? 'it' : 'each'} may have lost a digit.`,
    }
  if (kinds.includes('ticks') && Math.max(...used.map(({ max }) => max)) >= firstDoubtful)
    return {
      about,
      value,
      certainty: 'guess',
      evidence: `${range} As nanoseconds since 1970 they would lie in 1990.`,
    }
  if (kinds.length === 1 && kinds.includes('seconds') && mayBeApple(used)) {
    const years = used.flatMap(({ min, max }) => [min, max]).map((seconds) => new Date((seconds + appleEpoch) * 1000))
    return {
      about,
      value,
      certainty: 'guess',
      evidence: `${range} In this unit all of them are before 1997; as seconds since 2001 (apple), the unit of Apple’s programs, they range from ${isoDay(years[0])} to ${isoDay(years.at(-1))}.`,
    }
  }
  const certain = !kinds.includes('excel') && !kinds.includes('year') && !kinds.includes('yyyymm')
  return { about, value, certainty: certain ? 'certain' : 'likely', evidence: range }
}

/** Why numbers are no dates: their range with those below zero, and those that look like dates nevertheless. */
function sequenceEvidence(numbers: ReadonlyMap<NumberClass, Counted>, say: (spot: Spot | null) => string): string {
  const all = [...numbers.values()]
  const sum = (counted: readonly Counted[]): number => counted.reduce((rows, one) => rows + one.rows, 0)
  const like = [...numbers].flatMap(([kind, counted]) => (looksLikeDate(kind) ? [counted] : []))
  const [first] = like
  const chance =
    first === undefined
      ? ''
      : `, although ${formatCounted(sum(like), 'number')} ${sum(like) === 1 ? 'looks' : 'look'} like one by chance: ${say(first.spot)}`
  return `${formatCounted(sum(all), 'number')} from ${Math.min(...all.map(({ min }) => min))} to ${Math.max(...all.map(({ max }) => max))}. Together they are not dates between 1973 and 2100 in any unit${chance}. They order the interactions, but their dates are meaningless.`
}

/** Kinds that small numbers are not: these have the digits of a day, or count from 1970. */
const looksLikeDate = (kind: NumberClass): boolean =>
  kind === 'yyyymmdd' || kind === 'yyyymmddhhmmss' || epochs.some((epoch) => epoch === kind)

const isoDay = (date: Date | undefined): string => date?.toISOString().slice(0, 10) ?? ''

/** Whether all numbers may be seconds since 2001: as seconds since 1970 they are before 1997, and so range from 2010 to today. */
const mayBeApple = (numbers: readonly Counted[]): boolean =>
  numbers.every(({ min, max }) => min >= 283_996_800 && max + appleEpoch <= Date.now() / 1000)

const orderNames: Readonly<Record<DateOrder, string>> = {
  dayFirst: 'day first',
  monthFirst: 'month first',
  yearFirst: 'year first',
}
const signs: Readonly<Record<NonNullable<OrderDecision['sign']>, string>> = {
  dots: 'dots usually mean day first',
  dashes: 'dashes usually mean day first',
  slashes: 'slashes usually mean month first',
  'twelve hours': 'AM and PM usually go with month first',
  semicolons: 'semicolons usually go with day first',
  rising: 'in this order, the dates rise in the file',
  'few years': 'in this order, the dates span the fewest years',
}

function orderChoice(
  order: OrderDecision,
  said: DateOrder | undefined,
  fate: string,
  say: (spot: Spot | null) => string,
): Pick<Choice, 'about' | 'value' | 'certainty' | 'evidence'> {
  if (said !== undefined) {
    const otherwise = order.certainty === 'certain' || order.against ? order.proof : null
    const denied = order.order === said ? order.against : otherwise
    return {
      about: 'dates',
      value: orderNames[said],
      certainty: denied ? 'guess' : 'certain',
      evidence: denied ? `It was chosen, but ${say(denied)}.` : wasChosen,
    }
  }
  const value = orderNames[order.order]
  if (order.against)
    return {
      about: 'dates',
      value,
      certainty: 'guess',
      evidence: `${sentence(say(order.proof))} ${formatCounted(order.againstRows, 'row')} contradicting it ${order.againstRows === 1 ? 'is' : 'are'} ${fate}: ${say(order.against)}.`,
    }
  if (order.proof && order.certainty === 'certain')
    return { about: 'dates', value, certainty: 'certain', evidence: sentence(say(order.proof)) }
  return {
    about: 'dates',
    value,
    certainty: order.certainty,
    evidence:
      order.sign === 'few years'
        ? 'In this order, the dates span the fewest years.'
        : `No day above 12 distinguishes day and month${order.sign ? `; ${signs[order.sign]}` : ''}.`,
  }
}

/** How dates of other calendars are read, in words. */
const calendars: Readonly<Record<OtherCalendar, string>> = {
  buddhist: 'years of the Buddhist era, 543 more than those of the common era',
  persian: 'days of the Solar Hijri calendar, as in Iran and Afghanistan',
  japanese: 'years of the eras of Japan',
}

interface SeenDates {
  readonly seen: readonly (SeenDate & { readonly key: string })[]
  /** For texts that are not numbers. */
  readonly rows: number
  readonly unread: number
  readonly unreadSpot: Spot | null
  readonly first: Spot | null
  readonly buddhist: Spot | null
  readonly persian: Spot | null
  readonly japanese: Spot | null
  /** The first time with two zones that differ. */
  readonly twoZones: Spot | null
  readonly twoDigitYear: Spot | null
  readonly ambiguousZone: Spot | null
  readonly dayBeforeMonth: Spot | null
  /** A month and two digits, if all dates of the column have this form. */
  readonly dayOrYear: Spot | null
  /** A year and the number of a day in it. */
  readonly dayOfYear: Spot | null
  /** Times of day after a day in other notations than 15:09, the first of them that is an hour alone, and those that no day has. */
  readonly otherClocks: {
    readonly rows: number
    readonly hour: Spot | null
    readonly beyondRows: number
    readonly beyond: Spot | null
  }
  /** The first date, if all names of months mean another month in Croatian. */
  readonly otherMonth: Spot | null
  /** Whether one of these numbers cannot be a day. */
  readonly surelyYears: boolean
  readonly placeholder: Spot | null
  readonly placeholderRows: number
  /** Whether the first second of 1970 means an unknown time: no other date is near it. */
  readonly epochIsNone: boolean
  /** Rows that have a time zone. */
  readonly zoned: number
  readonly clocks: boolean
  readonly fine: boolean
  readonly hints: { readonly twelveHours: boolean; readonly semicolons: boolean }
}

/** Whether what looks like times of day in other notations than 15:09 is none in most values, such as the numbers of a day’s orders. */
export const haveNoClocks = ({ rows, otherClocks }: Pick<SeenDates, 'rows' | 'otherClocks'>): boolean =>
  2 * otherClocks.rows > rows && otherClocks.beyondRows > mostUnread * otherClocks.rows

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The texts of a column that are no numbers, by the dates that they name. */
export async function seenDates(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  {
    pointedMonths = false,
    daysOfYear = false,
  }: { readonly pointedMonths?: boolean; readonly daysOfYear?: boolean } = {},
): Promise<SeenDates> {
  const byKey = new Map<string, { rows: number; spot: Spot }>()
  let [rows, listed, clocks, halves, fine] = [0, 0, false, false, false]
  const otherClocks: Writable<SeenDates['otherClocks']> = { rows: 0, hour: null, beyondRows: 0, beyond: null }
  const value = identifier(column)
  const field = (name: string): string => `coalesce(TRY_CAST(c.${name} AS INTEGER), 0)`
  const isBeyond = `${field('h')} > 24 OR ${field('m')} > 59 OR ${field('s')} > 60`
  const isHour = `c IS NOT NULL AND regexp_matches(v, ${text(bareHour)})`
  for (const [file, { table }] of columns.tables.entries()) {
    const texts = `(SELECT ${value} AS v, ${timeText(value)} AS t, rowid AS line FROM ${table} WHERE ${timeNumber(value, pointedMonths)} IS NULL AND NOT ${isNone(value)})`
    const [[all, withClock, withHalf, withNanos, withOther, hourRow, hour, beyond, beyondRow, firstBeyond] = []] = (
      await connection.runAndReadAll(
        `SELECT count(*), count(*) FILTER (contains(t, ':')), count(*) FILTER (regexp_matches(v, '\\d\\s*[AaPp]\\.?\\s*[Mm]\\b')),
           count(*) FILTER (regexp_matches(t, ':\\d{2}[.,]\\d{7,9}')),
           count(c), min(line) FILTER (${isHour}), arg_min(v, line) FILTER (${isHour}),
           count(*) FILTER (${isBeyond}), min(line) FILTER (${isBeyond}), arg_min(v, line) FILTER (${isBeyond})
         FROM (SELECT *, CASE WHEN v <> t THEN regexp_extract(t, ${text(clockPattern)}, ['before', 'h', 'm', 's', 'f', 'half']) END AS c FROM ${texts})`,
      )
    ).getRows()
    rows += Number(all)
    clocks ||= Number(withClock) > 0
    halves ||= Number(withHalf) > 0
    fine ||= Number(withNanos) > 0
    otherClocks.rows += Number(withOther)
    otherClocks.beyondRows += Number(beyond)
    if (typeof hour === 'string')
      otherClocks.hour = earlier(otherClocks.hour, { file, row: Number(hourRow), text: hour })
    if (typeof firstBeyond === 'string')
      otherClocks.beyond = earlier(otherClocks.beyond, { file, row: Number(beyondRow), text: firstBeyond })
    const result = await connection.runAndReadAll(
      `SELECT key, count(*), min(line), arg_min(v, line) FROM (SELECT *, ${dateKey('t')} AS key FROM ${texts})
       GROUP BY key ORDER BY min(line) LIMIT ${mostDates}`,
    )
    for (const [key, found, row, example] of result.getRows()) {
      const name = String(key)
      const spot: Spot = { file, row: Number(row), text: String(example) }
      const before = byKey.get(name)
      byKey.set(name, { rows: (before?.rows ?? 0) + Number(found), spot: earlier(before?.spot ?? null, spot) })
      listed += Number(found)
    }
  }
  const seen: (SeenDate & { key: string })[] = []
  let [unread, placeholderRows, zoned] = [rows - listed, 0, 0]
  const first: Record<
    | 'unreadSpot'
    | 'first'
    | 'buddhist'
    | 'persian'
    | 'japanese'
    | 'twoZones'
    | 'twoDigitYear'
    | 'ambiguousZone'
    | 'dayBeforeMonth'
    | 'dayOrYear'
    | 'dayOfYear'
    | 'placeholder',
    Spot | null
  > = {
    unreadSpot: null,
    first: null,
    buddhist: null,
    persian: null,
    japanese: null,
    twoZones: null,
    twoDigitYear: null,
    ambiguousZone: null,
    dayBeforeMonth: null,
    dayOrYear: null,
    dayOfYear: null,
    placeholder: null,
  }
  const ofYear = daysOfYear ? [...byKey.keys()].filter(hasDayOfYear) : []
  // A single number that no year has shows that the others are no days, either.
  const inYears = ofYear.length > 0 && ofYear.every((key) => parseDate(key, { daysOfYear: true }) !== null)
  const croatian = isCroatian([...byKey.keys()])
  const parsed = [...byKey].map(([key, of]) => ({
    key,
    ...of,
    date: parseDate(key, { daysOfYear: inYears, croatian }),
  }))
  // Beside complete dates, a month and two digits are not a date: it is unknown whether their day or their year is missing.
  const onlyMonths = parsed.every(({ date }) => date === null || date.dayOrYear)
  let surelyYears = false
  for (const { key, rows: found, spot, date: read } of parsed) {
    const date = read?.dayOrYear === true && !onlyMonths ? null : read
    const isPlaceholder = /\b9999\b|^0000-00-00/.test(key)
    if (!date || isPlaceholder) {
      if (isPlaceholder) {
        first.placeholder = earlier(first.placeholder, spot)
        placeholderRows += found
      } else {
        first.unreadSpot = earlier(first.unreadSpot, spot)
        unread += found
      }
      continue
    }
    first.first = earlier(first.first, spot)
    const calendar = calendarIn(key)
    if (calendar !== null) first[calendar] = earlier(first[calendar], spot)
    if (date.twoDigitYear) first.twoDigitYear = earlier(first.twoDigitYear, spot)
    if (date.dayOrYear) {
      first.dayOrYear = earlier(first.dayOrYear, spot)
      const digits = Number(/\d+/.exec(key)?.[0])
      surelyYears ||= digits === 0 || digits > 31
    }
    if (inYears && hasDayOfYear(key)) first.dayOfYear = earlier(first.dayOfYear, spot)
    if (date.twoZones) first.twoZones = earlier(first.twoZones, spot)
    if (date.ambiguousZone) first.ambiguousZone = earlier(first.ambiguousZone, spot)
    if (date.dayBeforeMonth) first.dayBeforeMonth = earlier(first.dayBeforeMonth, spot)
    if (date.offset !== null || date.region !== null) zoned += found
    seen.push({ key, date, rows: found, spot })
  }
  const epoch = seen.filter(({ date }) => date.days.dayFirst === 0)
  const others = seen.filter(({ date }) => date.days.dayFirst !== 0)
  // Dates of 1900 also mean an unknown time.
  const isNear = (day: number): boolean => day > -3650 && day <= 730
  const epochIsNone = epoch.length > 0 && !others.some(({ date }) => isNear(date.days.dayFirst ?? Infinity))
  if (epochIsNone)
    for (const { spot, rows: found } of epoch) {
      first.placeholder = earlier(first.placeholder, spot)
      placeholderRows += found
    }
  const semicolons = columns.sources.some(({ dialect }) => dialect.delimiter === ';')
  return {
    ...first,
    otherMonth: !croatian && mayBeCroatian(seen.map(({ key }) => key)) ? first.first : null,
    surelyYears,
    seen,
    rows,
    unread,
    placeholderRows,
    epochIsNone,
    zoned,
    clocks,
    fine,
    otherClocks,
    hints: { twelveHours: halves, semicolons },
  }
}

interface FileOrder {
  readonly source: Source
  readonly dates: SeenDates
  readonly order: OrderDecision
}

/**
 * The order of the fields of dates for each file, if two files prove different ones: a date that contradicts one of them is then not an error.
 * Null if they do not, or if a file contradicts itself.
 */
async function ordersOfFiles(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
): Promise<readonly FileOrder[] | null> {
  const found: FileOrder[] = []
  for (const [file, source] of columns.sources.entries()) {
    const table = columns.tables[file]
    if (!table) throw new Error(`no table was read of ${source.name}`)
    const dates = await seenDates(connection, { sources: [source], tables: [table] }, column)
    if (dates.seen.length === 0) continue
    const order = decideOrder(dates.seen, dates.hints)
    if (order.against) return null
    found.push({ source, dates, order: { ...order, proof: order.proof && { ...order.proof, file } } })
  }
  const proven = new Set(found.flatMap(({ order }) => (isProven(order) ? order.order : [])))
  return proven.size > 1 ? found : null
}

const isProven = ({ certainty, proof }: OrderDecision): boolean => certainty === 'certain' && proof !== null

/** The files whose dates show no order by themselves, if there are several. */
async function filesWithoutProof(
  connection: DuckDBConnection,
  { sources, tables }: SeenColumns,
  column: string,
): Promise<string[]> {
  if (tables.length < 2) return []
  const found: string[] = []
  for (const [file, source] of sources.entries()) {
    const table = tables[file]
    if (!table) throw new Error(`no table was read of ${source.name}`)
    const dates = await seenDates(connection, { sources: [source], tables: [table] }, column)
    if (dates.seen.length > 0 && decideOrder(dates.seen, dates.hints).certainty !== 'certain') found.push(source.name)
  }
  return found
}

/** Files that are named one by one. */
const mostFiles = 3

/** The choice of an order that some files do not prove: those may be from another program. */
function withoutProof<Of extends Pick<Choice, 'certainty' | 'evidence'>>(of: Of, files: readonly string[]): Of {
  if (files.length === 0) return of
  const named =
    files.length > mostFiles
      ? `${files.slice(0, mostFiles - 1).join(', ')} and ${formatCounted(files.length - mostFiles + 1, 'other file')}`
      : files.join(' and ')
  return {
    ...of,
    certainty: 'likely',
    evidence: `${of.evidence} No day above 12 proves it in ${named}, ${files.length === 1 ? 'which is' : 'which are'} read in the same order.`,
  }
}

/** Refuses files whose order may be either of those that others prove. */
function refuseUnproven(column: string, files: readonly FileOrder[], say: (spot: Spot | null) => string): void {
  const unproven = files.filter(({ order }) => order.certainty !== 'certain').map(({ source }) => source.name)
  if (unproven.length === 0) return
  const proofs = files.flatMap(({ order }) =>
    isProven(order) ? `${say(order.proof)} (${orderNames[order.order]})` : [],
  )
  const names = unproven.join(' and ')
  throw badInput(
    `The dates of the column “${column}” have different orders of day and month: ${proofs.join(', ')}, but the order in ${names} is not clear.`,
    `Import ${names} by ${unproven.length === 1 ? 'itself' : 'themselves'}, or choose one order for all with --dates (Dates in the app).`,
  )
}

const zoneName = (value: string): string => /[A-Z]{3,4}/.exec(value)?.[0] ?? value

let dictionaries = 0

/** Passes the meaning of each text to DuckDB. */
async function makeDictionary(connection: DuckDBConnection, dates: SeenDates, order: DateOrder) {
  const name = `dates_${dictionaries++}`
  const known = dates.seen.filter(({ date }) => date.days[order] !== undefined)
  const entries = known.length > 0 ? known : dates.seen.slice(0, 1)
  await connection.run(`CREATE TYPE ${name} AS ENUM (${entries.map(({ key }) => text(key)).join(', ')})`)
  const seconds = entries.map(({ date }) => {
    const day = date.days[order]
    return day === undefined ? 'NULL' : String(day * 86_400 - (date.offset ?? 0) * 60)
  })
  await connection.run(`SET VARIABLE ${name}_seconds = [${seconds.join(', ')}]::DOUBLE[]`)
  const regions = entries.some(({ date }) => date.region !== null)
  if (regions)
    await connection.run(
      `SET VARIABLE ${name}_zones = [${entries.map(({ date }) => (date.region === null ? 'NULL' : text(date.region))).join(', ')}]::VARCHAR[]`,
    )
  return { name, clocks: dates.clocks, regions }
}
