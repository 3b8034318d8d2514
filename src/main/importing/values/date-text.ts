import type { DateOrder } from '../../../shared/reading'
import { clockMark } from './clock-text'
import { ambiguousZones, croatianMonths, fillers, months, plainWord, weekdays, zones } from './date-words'

/** The day that one text names, apart from its time of day. */
export interface DateText {
  /** Days since 1970 by the order of day, month and year; equal for all orders if the text is unambiguous. Missing if there is no such date. */
  readonly days: Readonly<Partial<Record<DateOrder, number>>>
  /** The order that the weekday proves if both orders are dates. */
  readonly shownByWeekday: DateOrder | null
  readonly twoDigitYear: boolean
  /** Minutes from UTC; null if the text has no zone. */
  readonly offset: number | null
  /** Name of a region whose offset changes with the season, as “Europe/Prague”. */
  readonly region: string | null
  /** An abbreviation that has several offsets. */
  readonly ambiguousZone: string | null
  /** Whether it has a month and only two digits, which are taken for its year but may be its day. */
  readonly dayOrYear: boolean
  /** Whether it has year, day and month in this order. */
  readonly dayBeforeMonth: boolean
  /** Whether it has another offset beside Z, UTC or the abbreviation of a zone. */
  readonly twoZones: boolean
}

const orders = ['dayFirst', 'monthFirst', 'yearFirst'] as const

/** Two digits as POSIX reads them: 69 … 99 are 1969 … 1999, 00 … 68 are 2000 … 2068. */
const fullYear = (year: number): number => (year < 69 ? 2000 + year : 1900 + year)

/** A calendar whose years are counted differently from those of the common era. */
export type OtherCalendar = 'buddhist' | 'persian' | 'japanese'

/** The calendar of a year in which no interaction can have happened in the common era: 1900 to 2100 in Thailand's counting, 1961 to 2046 in Iran's. */
const calendarOf = (year: number): 'buddhist' | 'persian' | null =>
  year >= 2443 && year <= 2643 ? 'buddhist' : year >= 1340 && year <= 1424 ? 'persian' : null
/** The other calendar that four digits of a text show; null if they show none. */
export function calendarIn(text: string): OtherCalendar | null {
  if (inEra.test(text)) return 'japanese'
  for (const digits of text.match(/(?<!\d)\d{4}(?!\d)/g) ?? []) {
    const calendar = calendarOf(Number(digits))
    if (calendar !== null) return calendar
  }
  return null
}

interface Era {
  /** Its name, and the first letter of that in Latin letters. */
  readonly name: string
  readonly letter: string
  /** The year before its first one. */
  readonly before: number
  /** Its first and last day since 1970. */
  readonly from: number
  readonly until: number
}
/** The eras of Japan since it counts days as everybody else does. */
const eras: readonly Era[] = (
  [
    ['令和', 'R', 2018, [2019, 5, 1], [9999, 12, 31]],
    ['平成', 'H', 1988, [1989, 1, 8], [2019, 4, 30]],
    ['昭和', 'S', 1925, [1926, 12, 25], [1989, 1, 7]],
    ['大正', 'T', 1911, [1912, 7, 30], [1926, 12, 25]],
    ['明治', 'M', 1867, [1873, 1, 1], [1912, 7, 30]],
  ] as const
).map(([name, letter, before, [y, m, d], [year, month, day]]) => ({
  name,
  letter,
  before,
  from: Date.UTC(y, m - 1, d) / 86_400_000,
  until: Date.UTC(year, month - 1, day) / 86_400_000,
}))
/** A day with a year of an era: 令和5年3月1日, R5.3.1. The first year of an era is called 元. */
const inEra =
  /^\s*(?:(令和|平成|昭和|大正|明治)\s*(元|\d{1,2})\s*年?\s*[-./]?|([RHSTMrhstm])\.?\s?(\d{1,2})(?:[-./]|年))(?=\s*\d{1,2}\s*[-./月]\s*\d{1,2}(?!\d))/u

/** A text with its year of the common era instead of one of Japan, and the era whose days it may be; null if it has none. */
function ofEra(text: string): { readonly text: string; readonly era: Era } | null {
  const [whole, name, year, letter, short] = inEra.exec(text) ?? []
  const era = eras.find((one) => (name === undefined ? one.letter === letter?.toUpperCase() : one.name === name))
  if (whole === undefined || !era) return null
  const number = year === '元' ? 1 : Number(year ?? short)
  return { era, text: `${era.before + number}-${text.slice(whole.length)}` }
}

/** Years with 366 days in a cycle of 33, in the calendar of Iran. */
const persianLeapYears: ReadonlySet<number> = new Set([1, 5, 9, 13, 17, 22, 26, 30])
const isPersianLeap = (year: number): boolean => persianLeapYears.has(year % 33)
/** Days from 1970 to the first of Farvardin 1340. */
const firstOf1340 = Date.UTC(1961, 2, 21) / 86_400_000

/** Days since 1970 of a day of the Solar Hijri calendar from 1340 on: six months of 31 days, five of 30, and one of 29 or 30. */
function persianDay(year: number, month: number, day: number): number | null {
  const longest = month <= 6 ? 31 : month <= 11 || isPersianLeap(year) ? 30 : 29
  if (month < 1 || month > 12 || day < 1 || day > longest) return null
  let days = firstOf1340
  for (let before = 1340; before < year; before++) days += isPersianLeap(before) ? 366 : 365
  return days + (month <= 7 ? 31 * (month - 1) : 186 + 30 * (month - 7)) + day - 1
}

/** Days since 1970; null if the month has no such day. Years may be those of another calendar, see `calendarOf`. */
function dayNumber(written: number, month: number, day: number): number | null {
  const calendar = calendarOf(written)
  if (calendar === 'persian') return persianDay(written, month, day)
  const year = calendar === 'buddhist' ? written - 543 : written
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1 || year > 9999) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 ? date.getTime() / 86_400_000 : null
}

const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

/** The same day in all orders. */
const inAnyOrder = (day: number | null): DateText['days'] =>
  day === null ? {} : { dayFirst: day, monthFirst: day, yearFirst: day }

interface Zone {
  readonly rest: string
  readonly twoZones?: boolean
  readonly offset: number | null
  readonly region: string | null
  readonly ambiguousZone: string | null
}

/** Removes the time zone from the text after the time of day. */
function zoneOf(key: string): Zone {
  const at = key.indexOf(clockMark)
  if (at === -1) return { rest: key, offset: null, region: null, ambiguousZone: null }
  const before = key.slice(0, at).replace(/:$/, '')
  let after = key.slice(at + 1)
  const numeric = /^\s*(?:(Z\s*)|(?:UTC|GMT)\s*)?([+\u2212-])(\d{1,2})(?::?(\d{2}))?(?!\d)/i.exec(after)
  if (numeric) {
    const minutes = Number(numeric[3]) * 60 + Number(numeric[4] ?? 0)
    const offset = numeric[2] === '+' ? minutes : -minutes
    after = after.slice(numeric[0].length).replace(/\(.*\)|\[.*\]/, '')
    // Go writes the name of the zone after its offset: +0200 CEST.
    const name = /^\s*(\p{L}+)\s*$/u.exec(after)?.[1]
    const named = name === undefined ? undefined : zones.get(plainWord(name))
    return {
      rest: named === undefined ? `${before} ${after}` : before,
      offset,
      region: null,
      ambiguousZone: null,
      twoZones: (numeric[1] !== undefined && offset !== 0) || (named !== undefined && named !== offset),
    }
  }
  const region = /\[?\b([A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z_+-]*)+)\]?/.exec(after)
  if (region?.[1] && isRegion(region[1]))
    return { rest: `${before} ${after.replace(region[0], '')}`, offset: null, region: region[1], ambiguousZone: null }
  for (const found of after.matchAll(/\p{L}+/gu)) {
    const name = plainWord(found[0])
    const offset = zones.get(name)
    if (offset === undefined) continue
    const ambiguousZone = ambiguousZones.has(name) ? found[0] : null
    return { rest: `${before} ${after.replace(found[0], '')}`, offset, region: null, ambiguousZone }
  }
  return { rest: `${before} ${after}`, offset: null, region: null, ambiguousZone: null }
}

function isRegion(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The Monday with which an ISO week begins, plus days; null if the year has no such week. */
function isoWeek(year: number, week: number, weekday: number): number | null {
  const fourth = dayNumber(year, 1, 4)
  if (fourth === null || week < 1 || week > 53 || weekday < 1 || weekday > 7) return null
  const monday = fourth - ((weekdayOf(fourth) + 6) % 7) + (week - 1) * 7
  // A week belongs to the year of its Thursday.
  return new Date((monday + 3) * 86_400_000).getUTCFullYear() === year ? monday + weekday - 1 : null
}

/** Days since 1970 of the day of a year with a number from 1 on; null if the year has no such day. */
function dayInYear(year: number, number: number): number | null {
  const [first, next] = [dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1)]
  return first === null || next === null || number < 1 || number > next - first ? null : first + number - 1
}

/** A year and the number of a day in it, in a key. */
const dayOfYear = /^\s*(\d{4})[-/ ](\d{3})(?:[T @]|$)/
/** Whether a text has the form of a year and a day in it, whatever the number. */
export const hasDayOfYear = (key: string): boolean => dayOfYear.test(key)

/** A text without the brackets around all of it, in which web servers write times; only the first is left where a time of day was cut off. */
const withoutBrackets = (key: string): string => key.replace(/^\s*\[([^[\]]*)\]?\s*$/, '$1')

/** What all dates of a column together show. */
export interface DateContext {
  /** Whether 2024-061 is a day: numbers of invoices and members look alike. */
  readonly daysOfYear?: boolean
  /** Whether months have their Croatian names, see `isCroatian`. */
  readonly croatian?: boolean
}

/**
 * The day that a text names, in any of the languages of date-words.ts; null if it is not a date.
 * @param key the text with `clockMark` in place of its time of day
 */
export function parseDate(key: string, { daysOfYear = false, croatian = false }: DateContext = {}): DateText | null {
  // Kibana writes an @ before the time of day: “Mar 1, 2024 @ 15:09”.
  const japanese = ofEra(withoutBrackets(key))
  const { rest, ...zone } = zoneOf((japanese?.text ?? withoutBrackets(key)).replace(/@\s*@/, clockMark))
  const text = rest.trim().replace(/(?<=\d)T$/, '')
  const week = /^(\d{4})[ -]?W(\d{1,2})(?:-?(\d))?$/i.exec(text)
  const none = {
    twoZones: false,
    ...zone,
    shownByWeekday: null,
    twoDigitYear: false,
    dayBeforeMonth: false,
    dayOrYear: false,
  }
  if (week) return found({ ...none, days: inAnyOrder(isoWeek(Number(week[1]), Number(week[2]), Number(week[3] ?? 1))) })
  const ofYear = daysOfYear ? dayOfYear.exec(text) : null
  if (ofYear) return found({ ...none, days: inAnyOrder(dayInYear(Number(ofYear[1]), Number(ofYear[2]))) })
  const quarter = /^(?:(\d{4})[ ./-]*Q([1-4])|Q([1-4])[ ./-]*(\d{4}))$/i.exec(text)
  if (quarter) {
    const [year, number] = [Number(quarter[1] ?? quarter[4]), Number(quarter[2] ?? quarter[3])]
    return found({ ...none, days: inAnyOrder(dayNumber(year, 3 * number - 2, 1)) })
  }
  // Signs between the fields of dates; with any other sign, a text is not a date.
  if (!/^[\p{L}\p{M}\d\s./,'’()°\u2010-\u2015\u2212-]*$/u.test(text)) return null
  const numbers: { digits: string; value: number }[] = []
  const words: string[] = []
  for (const [token] of text.replaceAll(/(?<=\d)[ºª°]/g, '').matchAll(/\d+|\p{L}[\p{L}\p{M}]*/gu)) {
    if (/^\d/.test(token)) numbers.push({ digits: token, value: Number(token) })
    else if (!/^[年月日号號년월일曜火水木金土요화수목금토]+$/u.test(token)) words.push(plainWord(token))
  }
  const named = namedParts(words, numbers.length, croatian)
  if (!named) return null
  const days = named.month === null ? numericDays(numbers) : namedDays(numbers, named.month, /^\p{L}/u.test(text))
  if (!days) return null
  const inItsEra = (day: number): boolean => !japanese || (day >= japanese.era.from && day <= japanese.era.until)
  if (!Object.values(days.days).every(inItsEra)) return null
  const { dayFirst, monthFirst } = days.days
  const fits = (day: number | undefined): boolean => day !== undefined && weekdayOf(day) === named.weekday
  const shownByWeekday =
    named.weekday === null || dayFirst === undefined || monthFirst === undefined || fits(dayFirst) === fits(monthFirst)
      ? null
      : fits(dayFirst)
        ? 'dayFirst'
        : 'monthFirst'
  return found({ ...none, ...days, shownByWeekday })
}

const found = (text: DateText): DateText | null =>
  Object.keys(text.days).length > 0 || text.dayBeforeMonth ? text : null

/** Month and weekday among the words; null if one of them does not belong to a date. “mar” is Tuesday before the name of a month, or beside three numbers. */
function namedParts(
  words: readonly string[],
  numbers: number,
  croatian: boolean,
): { month: number | null; weekday: number | null } | null {
  let [month, weekday]: (number | null)[] = [null, null]
  for (const [position, word] of words.entries()) {
    const asMonth = (croatian ? croatianMonths.get(word) : undefined) ?? months.get(word)
    const asWeekday = weekdays.get(word)
    const monthFollows = words.slice(position + 1).some((later) => months.has(later))
    if (asMonth !== undefined && month === null && !(asWeekday !== undefined && (monthFollows || numbers > 2)))
      month = asMonth
    else if (asWeekday !== undefined && weekday === null) weekday = asWeekday
    else if (!fillers.has(word)) return null
  }
  return { month: month ?? null, weekday: weekday ?? null }
}

const wordsIn = (key: string): string[] => Array.from(key.matchAll(/\p{L}[\p{L}\p{M}]*/gu), ([word]) => plainWord(word))

/** Whether dates have Croatian names of months, because one of them has a name that no other language has. */
export const isCroatian = (keys: readonly string[]): boolean =>
  keys.some((key) => wordsIn(key).some((word) => croatianMonths.has(word) && !months.has(word)))

/** Whether dates have no other names of months than those that mean another month in Croatian. */
export function mayBeCroatian(keys: readonly string[]): boolean {
  const named = keys.flatMap(wordsIn).filter((word) => months.has(word))
  return named.length > 0 && named.every((word) => (croatianMonths.get(word) ?? months.get(word)) !== months.get(word))
}

type Found = Pick<DateText, 'days' | 'twoDigitYear' | 'dayBeforeMonth'> & Partial<Pick<DateText, 'dayOrYear'>>
interface Digits {
  readonly digits: string
  readonly value: number
}

/**
 * A date whose month is a word: the other two numbers are its day and its year, which has four digits or comes last. A single number is its
 * year.
 * @param wordFirst whether the month precedes the numbers: two digits before it are a day without a year
 */
function namedDays(numbers: readonly Digits[], month: number, wordFirst: boolean): Found | null {
  const [first, second, ...more] = numbers
  if (!first || more.length > 0) return null
  const plain = { twoDigitYear: false, dayBeforeMonth: false }
  if (!second) {
    if (first.digits.length === 4) return { ...plain, days: inAnyOrder(dayNumber(first.value, month, 1)) }
    if (first.digits.length !== 2 || !wordFirst) return null
    const days = inAnyOrder(dayNumber(fullYear(first.value), month, 1))
    return { ...plain, twoDigitYear: true, dayOrYear: true, days }
  }
  const [year, day] = first.digits.length === 4 ? [first, second] : [second, first]
  if (day.digits.length > 2 || (year.digits.length !== 4 && year.digits.length !== 2)) return null
  const short = year.digits.length === 2
  const days = inAnyOrder(dayNumber(short ? fullYear(year.value) : year.value, month, day.value))
  return { ...plain, twoDigitYear: short, days }
}

function numericDays(numbers: readonly Digits[]): Found | null {
  const [a, b, c, ...more] = numbers
  const plain = { twoDigitYear: false, dayBeforeMonth: false }
  if (!a || more.length > 0) return null
  if (!b) {
    const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(a.digits)
    return (
      compact && { ...plain, days: inAnyOrder(dayNumber(Number(compact[1]), Number(compact[2]), Number(compact[3]))) }
    )
  }
  if (!c) {
    const [year, month] = a.digits.length === 4 ? [a, b] : [b, a]
    if (year.digits.length !== 4 || month.digits.length > 2) return null
    return { ...plain, days: inAnyOrder(dayNumber(year.value, month.value, 1)) }
  }
  if (a.digits.length === 4) {
    if (b.digits.length > 2 || c.digits.length > 2) return null
    const day = dayNumber(a.value, b.value, c.value)
    return {
      ...plain,
      days: inAnyOrder(day),
      dayBeforeMonth: day === null && dayNumber(a.value, c.value, b.value) !== null,
    }
  }
  if (a.digits.length > 2 || b.digits.length > 2) return null
  if (c.digits.length !== 4 && c.digits.length !== 2) return null
  const short = c.digits.length === 2
  const year = short ? fullYear(c.value) : c.value
  const possible = {
    dayFirst: dayNumber(year, b.value, a.value),
    monthFirst: dayNumber(year, a.value, b.value),
    yearFirst: short && a.digits.length === 2 ? dayNumber(fullYear(a.value), b.value, c.value) : null,
  }
  const days: Partial<Record<DateOrder, number>> = {}
  for (const order of orders) if (possible[order] !== null) days[order] = possible[order]
  return { ...plain, twoDigitYear: short, days }
}
