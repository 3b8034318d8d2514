import type { Certainty } from '../../../shared/certainty'
import type { DateOrder } from '../../../shared/reading'
import type { DateText } from './date-text'
import { earlier, type Spot } from './spot'

/** All texts of a column that name one day in the same way. */
export interface SeenDate {
  readonly date: DateText
  readonly rows: number
  /** The first of them. */
  readonly spot: Spot
}

/** The evidence for an order if no date proves one. */
export interface OrderHints {
  /** Whether the texts have AM or PM. */
  readonly twelveHours: boolean
  /** Whether the files separate columns by semicolons, as in countries with decimal commas. */
  readonly semicolons: boolean
}

export interface OrderDecision {
  readonly order: DateOrder
  readonly certainty: Certainty
  /** A date that is invalid in another order. */
  readonly proof: Spot | null
  /** A date that is invalid in this order; rows like it cannot be used. */
  readonly against: Spot | null
  readonly againstRows: number
  /** Whether so many dates contradict it that no order can be assumed. */
  readonly contradictory: boolean
  /** Whether another order would change any day. */
  readonly matters: boolean
  /** The evidence for it if nothing proves it. */
  readonly sign: 'dots' | 'dashes' | 'slashes' | 'twelve hours' | 'semicolons' | 'rising' | 'few years' | null
}

const orders = ['dayFirst', 'monthFirst', 'yearFirst'] as const
/** Share of all dates; more dates that contradict an order are not typing errors. */
const mostSlips = 0.01

/** The orders in which a text is a date that agrees with its weekday. */
const allowed = ({ days, shownByWeekday }: DateText): readonly DateOrder[] =>
  shownByWeekday ? [shownByWeekday] : orders.filter((order) => days[order] !== undefined)

/** The single order of a column's dates, from all of them. @param dates in the order of the files */
export function decideOrder(dates: readonly SeenDate[], hints: OrderHints): OrderDecision {
  const denied = new Map<DateOrder, { rows: number; spot: Spot | null }>(
    orders.map((order) => [order, { rows: 0, spot: null }]),
  )
  let total = 0
  for (const { date, rows, spot } of dates) {
    total += rows
    const possible = allowed(date)
    for (const order of orders) {
      const of = denied.get(order)
      if (!of || possible.includes(order)) continue
      of.rows += rows
      of.spot = earlier(of.spot, spot)
    }
  }
  const deniedRows = (order: DateOrder): number => denied.get(order)?.rows ?? 0
  const left = orders.filter((order) => deniedRows(order) === 0)
  const decision = {
    proof: null,
    against: null,
    againstRows: 0,
    contradictory: false,
    matters: true,
    sign: null,
  } as const
  const [only] = left
  if (only === undefined) {
    const best = orders.reduce((a, b) => (deniedRows(b) < deniedRows(a) ? b : a))
    const others = orders.filter((order) => order !== best)
    const rival = others.reduce((a, b) => (deniedRows(b) < deniedRows(a) ? b : a))
    return {
      ...decision,
      order: best,
      certainty: 'guess',
      proof: denied.get(rival)?.spot ?? null,
      against: denied.get(best)?.spot ?? null,
      againstRows: deniedRows(best),
      contradictory: deniedRows(best) > mostSlips * total,
    }
  }
  const matters = dates.some(({ date }) => left.some((order) => date.days[order] !== date.days[only]))
  if (!matters) {
    const rival = orders
      .filter((order) => deniedRows(order) > 0)
      .reduce<DateOrder | null>((a, b) => (a === null || deniedRows(b) < deniedRows(a) ? b : a), null)
    return {
      ...decision,
      order: only,
      certainty: 'certain',
      matters: left.length < orders.length,
      proof: rival && (denied.get(rival)?.spot ?? null),
    }
  }
  return { ...decision, ...likeliest(dates, left, hints) }
}

/** The likeliest of the orders that all dates allow. */
function likeliest(
  dates: readonly SeenDate[],
  left: readonly DateOrder[],
  { twelveHours, semicolons }: OrderHints,
): Pick<OrderDecision, 'order' | 'sign' | 'certainty'> {
  const certainty = 'guess'
  const among = left.filter((order) => order !== 'yearFirst')
  if (left.includes('yearFirst')) {
    // A column has few different years and many different days.
    const years = (order: DateOrder): number =>
      new Set(dates.map(({ date }) => new Date((date.days[order] ?? 0) * 86_400_000).getUTCFullYear())).size
    const best = left.reduce((a, b) => (years(b) < years(a) ? b : a))
    const clear = left.every((order) => order === best || years(order) >= 3 * years(best))
    if (best === 'yearFirst' || among.length === 1)
      return { order: best, sign: 'few years', certainty: clear ? 'likely' : 'guess' }
  }
  const [first, second] = among
  if (first && !second) return { order: first, sign: null, certainty }
  const [asDay, asMonth] = [risingShare(dates, 'dayFirst'), risingShare(dates, 'monthFirst')]
  if (dates.length >= 8 && Math.abs(asDay - asMonth) > 0.2 && Math.max(asDay, asMonth) > 0.9)
    return { order: asDay > asMonth ? 'dayFirst' : 'monthFirst', sign: 'rising', certainty }
  if (twelveHours) return { order: 'monthFirst', sign: 'twelve hours', certainty }
  const written = dates.find(({ date }) => date.days.dayFirst !== date.days.monthFirst)?.spot.text ?? ''
  const sign = /\d([./-])\s*\d/.exec(written)?.[1]
  if (sign === '.') return { order: 'dayFirst', sign: 'dots', certainty }
  if (sign === '-') return { order: 'dayFirst', sign: 'dashes', certainty }
  return semicolons
    ? { order: 'dayFirst', sign: 'semicolons', certainty }
    : { order: 'monthFirst', sign: 'slashes', certainty }
}

/** The share of the steps from one date to the next in the files that do not go back. */
function risingShare(dates: readonly SeenDate[], order: DateOrder): number {
  let [rising, steps] = [0, 0]
  for (let i = 1; i < dates.length; i++) {
    const [before, day] = [dates[i - 1]?.date.days[order], dates[i]?.date.days[order]]
    if (before === undefined || day === undefined) continue
    steps++
    if (day >= before) rising++
  }
  return steps === 0 ? 0 : rising / steps
}
