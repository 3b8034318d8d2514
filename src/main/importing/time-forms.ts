import type { DateOrder } from '../../shared/reading'

/** Dates as people of many countries write them, longest first; what DuckDB reads by itself (ISO 8601) is tried before. */
const clock = [' %H:%M:%S', ' %H:%M', '']
const dates = {
  dayFirst: ['%d.%m.%Y', '%d/%m/%Y', '%d-%m-%Y', '%d %b %Y', '%d-%b-%Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y'],
  monthFirst: ['%m/%d/%Y', '%m-%d-%Y', '%m.%d.%Y', '%m %d, %Y', '%b %d, %Y', '%B %d, %Y', '%d %b %Y', '%d %B %Y'],
} as const

/**
 * The order that sample values prove: a first number above 12 is a day, a second one too. Without proof dots and dashes
 * stand for day first, as in Europe, and slashes for month first, as in the United States.
 */
export function dateOrder(samples: readonly string[]): DateOrder {
  let guess: DateOrder = 'dayFirst'
  for (const sample of samples) {
    const found = /^\s*(\d{1,2})([./ -])(\d{1,2})\b/.exec(sample)
    if (!found) continue
    if (Number(found[1]) > 12) return 'dayFirst'
    if (Number(found[3]) > 12) return 'monthFirst'
    guess = found[2] === '/' || found[2] === ' ' ? 'monthFirst' : 'dayFirst'
  }
  return guess
}

const formatsOf = (order: DateOrder): string =>
  dates[order].flatMap((date) => clock.map((time) => `'${date}${time}'`)).join(', ')

/**
 * SQL of a text's seconds since 1970: seconds, milliseconds or microseconds by their size, a date and time as ISO 8601
 * writes it (UTC without an offset), or a date as people write it. NULL where it is none of them.
 * @param number SQL of the text as a DOUBLE, NULL where it is none: a column, since it is asked for several times
 */
export function secondsOf(text: string, number: string, order: DateOrder): string {
  return `CASE
    WHEN abs(${number}) < 1e11 THEN ${number}
    WHEN ${number} IS NULL THEN epoch(coalesce(
      TRY_CAST(${text} AS TIMESTAMPTZ), try_strptime(trim(${text}), [${formatsOf(order)}])::TIMESTAMPTZ))
    WHEN abs(${number}) >= 1e14 THEN ${number} / 1e6
    ELSE ${number} / 1e3 END`
}
