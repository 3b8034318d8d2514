import fc from 'fast-check'
import { expect, it } from 'vitest'
import { calendarIn, parseDate } from './date-text'

const day = 86_400_000
const [first, last] = [Date.UTC(1873, 0, 1) / day, Date.UTC(2099, 11, 31) / day]
const written = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { ...options, year: 'numeric', day: 'numeric', timeZone: 'UTC' })
const forms: readonly ((date: Date) => string)[] = [
  (date) => written({ era: 'long', month: 'long' }).format(date),
  (date) => written({ era: 'long', month: 'numeric' }).format(date),
  (date) => written({ era: 'narrow', month: 'numeric' }).format(date),
  (date) => written({ era: 'narrow', month: '2-digit' }).format(date).replaceAll('/', '.'),
  (date) => written({ era: 'long', month: 'long', weekday: 'short' }).format(date),
]

it('reads each day of the eras of Japan as the locale writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), fc.constantFrom(...forms), (number, form) => {
      const text = form(new Date(number * day))
      expect(calendarIn(text), text).toBe('japanese')
      expect(parseDate(text)?.days, text).toEqual({ dayFirst: number, monthFirst: number, yearFirst: number })
    }),
  )
})

it('knows the first year of an era, and reads no day that an era does not have', () => {
  const reiwa = Date.UTC(2019, 4, 1) / day
  expect(parseDate('令和元年5月1日')?.days.dayFirst).toBe(reiwa)
  expect(parseDate('R1.5.1')?.days.dayFirst).toBe(reiwa)
  for (const none of ['令和元年4月30日', 'H31.5.1', '令和0年5月1日', 'S64.1.8', 'R5.13.40', 'X5.3.1', 'R5'])
    expect(parseDate(none), none).toBeNull()
})
