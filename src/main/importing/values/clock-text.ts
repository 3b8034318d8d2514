import { text } from '../duckdb'
import { halvesOfDay } from './date-words'

/** Marks the position of the time of day in a text. */
export const clockMark = '@'

/** Finds the time of day within a text: what precedes it, hours, minutes, seconds, their fraction, a or p. */
export const clockPattern =
  String.raw`(^|[^0-9+\-])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?` +
  '(?:[\\s\u00a0\u2009\u202f]*([AaPp])\\.?\\s*[Mm]\\b\\.?)?'

/** SQL: the text with a mark in place of its time of day, as in the dictionary. */
export const dateKey = (column: string): string =>
  `trim(regexp_replace(${column}, ${text(clockPattern)}, '\\1@'), ' \t\u00a0')`

/** A notation of a time of day, and the usual one in its place. Both patterns are for RE2 as well as for JavaScript. */
interface Notation {
  readonly pattern: string
  /** With $1 … for what the pattern captures. */
  readonly usual: string
}

/** Days whose fields no time of day can be mistaken for. */
const dotsOrSlashes = String.raw`\d{4}[/.]\d{1,2}[/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}`
const day = String.raw`${dotsOrSlashes}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4}|\d{8}`
/** An offset from UTC. “10-05” would be from ten to five. */
const zone = String.raw`(?:Z|\+\d{2}(?::?\d{2})?|-\d{2}:?\d{2})?`

/** A day and its hour without minutes. */
export const bareHour = String.raw`^\s*(${day})[ T_]+(\d{1,2})\s*[hH]?(\s*${zone}\s*)$`

/** The notations after a day, in the order in which they are tried. */
const afterDay: readonly Notation[] = [
  // 2024-03-31-15:09:00, 2024-03-31_15-09-00, 2024-03-31-15.09.00.000000
  { pattern: String.raw`^\s*(${day})[-_/T,;. ]+(\d{1,2})[-._:](\d{2})[-._:](\d{2})`, usual: '$1 $2:$3:$4' },
  // 20240331T150900, 2024-03-31_150900
  { pattern: String.raw`^\s*(${day})[-_/T ]+(\d{2})(\d{2})(\d{2})($|[^\d:])`, usual: '$1 $2:$3:$4$5' },
  // 20240331T1509. After a hyphen, these would be an offset from UTC.
  { pattern: String.raw`^\s*(${day})[_/T ]+(\d{2})(\d{2})($|[^\d:])`, usual: '$1 $2:$3$4' },
  // 2024-03-31_15-09
  { pattern: String.raw`^\s*(${day})[_/,;]+\s*(\d{1,2})[-._:](\d{2})($|[^\d:])`, usual: '$1 $2:$3$4' },
  // 2024/03/31-15:09. After a day with hyphens, this would be an offset from UTC.
  { pattern: String.raw`^\s*(${dotsOrSlashes})-(\d{1,2}):(\d{2})($|[^\d:])`, usual: '$1 $2:$3$4' },
  { pattern: bareHour, usual: '$1 $2:00$3' },
  // 15.09.00 and 15h09 in Italian, Finnish and French
  {
    pattern: String.raw`(\d{4}|[/.-]\d{2})([, ]|\s+\p{L}+)\s*(\d{1,2})[.h](\d{2})\.(\d{2})`,
    usual: '$1$2 $3:$4:$5',
  },
  { pattern: String.raw`(\d{4}|[/.-]\d{2})([, ]|\s+\p{L}+)\s*(\d{1,2})[.h](\d{2})`, usual: '$1$2 $3:$4' },
]

/** Hours, minutes and seconds with the signs of Chinese, Japanese and Korean after each. */
const [hours, minutes, seconds] = ['[時时点點시]', '[分분]', '[秒초]']
const withSigns: readonly Notation[] = [
  { pattern: String.raw`(\d{1,2})\s*${hours}\s*(\d)\s*${minutes}`, usual: '$1時0$2分' },
  { pattern: String.raw`${minutes}\s*(\d)\s*${seconds}`, usual: '分0$1秒' },
  {
    pattern: String.raw`(\d{1,2})\s*${hours}\s*(\d{2})\s*${minutes}\s*(\d{2})\s*${seconds}`,
    usual: '$1:$2:$3',
  },
  { pattern: String.raw`(\d{1,2})\s*${hours}\s*(\d{2})\s*${minutes}?`, usual: '$1:$2' },
  { pattern: String.raw`(\d{1,2})\s*${hours}`, usual: '$1:00' },
]

/** Halves of the day: what precedes a time of day, and what follows it in Greek. */
const halves: readonly Notation[] = (
  [
    ['AM', halvesOfDay.AM.join('|'), 'π'],
    ['PM', halvesOfDay.PM.join('|'), 'μ'],
  ] as const
).flatMap(([name, words, greek]) => [
  { pattern: String.raw`(?:${words})\s*(\d{1,2}:\d{2}(?::\d{2})?)`, usual: `$1 ${name}` },
  { pattern: String.raw`(\d)\s*${greek}\.?\s*μ\.?`, usual: `$1 ${name}` },
])

/** Vietnamese halves of the day, which follow twelve hours as AM and PM do; “Sa” alone is a Saturday in German. */
const twelveHours = String.raw`((?:^|[^\d:])(?:0?\d|1[0-2]):\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)`
const vietnamese: readonly Notation[] = [
  { pattern: String.raw`${twelveHours}\s*(?:SA|S\.A\.|sáng)($|[^\p{L}])`, usual: '$1 AM$2' },
  { pattern: String.raw`${twelveHours}\s*(?:CH|C\.H\.|chiều|tối)($|[^\p{L}])`, usual: '$1 PM$2' },
]
const inVietnamese = String.raw`:\d{2}\s*(?:SA|CH|S\.A\.|C\.H\.|sáng|chiều|tối)(?:$|[^\p{L}])`

/** What shows that a text has signs or halves of the day in its time of day. */
const otherScript = String.raw`\d\s*${hours}|\d\s*[πμ]\.?\s*μ|(?:${[...halvesOfDay.AM, ...halvesOfDay.PM].join('|')})\s*\d`
/** What shows that a time of day has its usual notation. */
const usualClock = String.raw`(^|[\sT])\d{1,2}:\d{2}`

const replaced = (sql: string, { pattern, usual }: Notation): string =>
  `regexp_replace(${sql}, ${text(pattern)}, ${text(usual.replaceAll('$', '\\'))})`

/** SQL: a text whose time of day is written as 150900, 15.09.00, 15h09 or 午後3時9分 with the usual 15:09:00. */
export const timeText = (column: string): string =>
  `CASE WHEN strlen(${column}) <> length(${column}) AND regexp_matches(${column}, ${text(otherScript)}) THEN ${[...withSigns, ...halves].reduce(replaced, column)}
    WHEN regexp_matches(${column}, ${text(inVietnamese)}) THEN ${vietnamese.reduce(replaced, column)}
    WHEN regexp_matches(${column}, ${text(usualClock)}) THEN ${column}
    ${afterDay.map((notation) => `WHEN regexp_matches(${column}, ${text(notation.pattern)}) THEN ${replaced(column, notation)}`).join(' ')}
    ELSE ${column} END`

const compiled = ({ pattern, usual }: Notation): readonly [RegExp, string] => [new RegExp(pattern, 'u'), usual]
const [ofOtherScript, ofVietnamese, ofUsual] = [
  new RegExp(otherScript, 'u'),
  new RegExp(inVietnamese, 'u'),
  new RegExp(usualClock, 'u'),
]
const [inOtherScripts, ofVietnam, inOurs] = [
  [...withSigns, ...halves].map(compiled),
  vietnamese.map(compiled),
  afterDay.map(compiled),
]

/** The same of a text. */
export function withUsualClock(written: string): string {
  if (ofOtherScript.test(written))
    return inOtherScripts.reduce((before, [pattern, usual]) => before.replace(pattern, usual), written)
  if (ofVietnamese.test(written))
    return ofVietnam.reduce((before, [pattern, usual]) => before.replace(pattern, usual), written)
  if (ofUsual.test(written)) return written
  const notation = inOurs.find(([pattern]) => pattern.test(written))
  return notation ? written.replace(...notation) : written
}

/** A text with the mark in place of its time of day and what follows it. */
export const withClockMark = (written: string): string => withUsualClock(written).replace(/\d{1,2}:\d{2}.*/u, clockMark)
