import { badInput } from '../../shared/errors'
import { formatCount, formatCounted, formatMoment } from '../../shared/format'
import type { SplitSettings } from '../../shared/runs'
import type { PositiveHistory } from './positive-history'
import { shuffledUsers, type Division, type HeldOutUser } from './split'

/** The last share of the interactions before the date, which are the validation targets. */
const VALIDATION_SHARE = 0.1

interface Timed extends PositiveHistory {
  readonly times: Float64Array
}

/** Throws BAD_INPUT if the data set has no times: file order is not time. */
function timed(histories: readonly PositiveHistory[], name: string): Timed[] {
  const known = histories.filter((history): history is Timed => history.times !== null)
  if (known.length === histories.length) return known
  throw badInput(
    `“${name}” has no times, so it is unknown which items came last.`,
    'Split by users, or import the data again with its time column.',
  )
}

/** Split of a user's items in time order: the model sees `items[0 … shown)` and must find `items[shown … end)`. */
interface Cut {
  readonly shown: number
  readonly end: number
}

const heldOutAt = ({ user, items }: PositiveHistory, { shown, end }: Cut): HeldOutUser => ({
  user,
  cut: (known) => ({ foldIn: known(items.subarray(0, shown)), targets: known(items.subarray(shown, end)) }),
})

/** Users with items on both sides of their split: all of them, or a random sample of the requested size. */
function measured(
  histories: readonly PositiveHistory[],
  size: number | null,
  settings: SplitSettings,
  cutOf: (history: PositiveHistory) => Cut,
): HeldOutUser[] {
  const able = histories.filter((history) => {
    const { shown, end } = cutOf(history)
    return shown > 0 && end > shown
  })
  if (size !== null && size > able.length)
    throw badInput(
      `${formatCounted(size, 'user')} cannot be measured: only ${formatCount(able.length)} have liked items both before and after the split.`,
      'Ask for fewer, lower the minimum number of interactions, or choose another date.',
    )
  const chosen = size === null ? able : shuffledUsers(able, settings).slice(0, size)
  return chosen.map((history) => heldOutAt(history, cutOf(history)))
}

/**
 * Each user's last item is the test target and the second-last the validation target; training uses the earlier items of all users, measured or not.
 * Users with fewer than three items are only in the training data. Items with the same second are in file order.
 * @throws BAD_INPUT without times, or if fewer users than requested can be measured.
 */
export function leaveLastOut(histories: readonly PositiveHistory[], settings: SplitSettings, name: string): Division {
  const users = timed(histories, name)
  const cutBefore =
    (last: number) =>
    ({ items }: PositiveHistory): Cut =>
      items.length < 3 ? { shown: 0, end: 0 } : { shown: items.length - last, end: items.length - last + 1 }
  return {
    train: users.map(({ user, items }) => ({ user, items: items.length < 3 ? items : items.subarray(0, -2) })),
    validation: measured(users, settings.validation, settings, cutBefore(2)),
    test: measured(users, settings.test, settings, cutBefore(1)),
    validationFrom: null,
  }
}

/**
 * Positives on or after the day (UTC) are the test targets; everything before is fold-in. Validation also precedes the day, so that the best epoch
 * is not chosen with future data: its targets are the last tenth of those interactions, and training uses the ones before.
 * @throws BAD_INPUT without times or a date, or if there is nothing before or after it.
 */
export function splitByDate(histories: readonly PositiveHistory[], settings: SplitSettings, name: string): Division {
  const users = timed(histories, name)
  if (settings.date === null)
    throw badInput('A split by date needs a date.', 'Give the first day of the test targets, for example 2015-01-31.')
  const day = Date.parse(`${settings.date}T00:00:00Z`) / 1000
  const validationFrom = startOfValidation(users, day)
  const countBefore = ({ times }: Timed, moment: number): number => times.filter((time) => time < moment).length
  const cuts = new Map(
    users.map((history) => [
      history.user,
      { train: countBefore(history, validationFrom), before: countBefore(history, day) },
    ]),
  )
  const division: Division = {
    train: users.map(({ user, items }) => ({ user, items: items.subarray(0, cuts.get(user)?.train) })),
    validation: measured(users, settings.validation, settings, ({ user }) => ({
      shown: cuts.get(user)?.train ?? 0,
      end: cuts.get(user)?.before ?? 0,
    })),
    test: measured(users, settings.test, settings, ({ user, items }) => ({
      shown: cuts.get(user)?.before ?? 0,
      end: items.length,
    })),
    validationFrom,
  }
  if (division.test.length > 0 && division.validation.length > 0) return division
  const moments = users.flatMap(({ times }) => [times[0] ?? 0, times.at(-1) ?? 0]).sort((a, b) => a - b)
  const dayOf = (seconds: number | undefined): string => formatMoment(seconds ?? 0).split(' ')[0] ?? ''
  throw badInput(
    `No user of “${name}” has liked items both before and after ${division.test.length === 0 ? settings.date : dayOf(validationFrom)}; they reach from ${dayOf(moments[0])} to ${dayOf(moments.at(-1))}.`,
    'Choose another date, or split by users or by each user’s last item.',
  )
}

/** The time that separates the first nine tenths of the interactions before `day` from the rest. */
function startOfValidation(users: readonly Timed[], day: number): number {
  const length = users.reduce((sum, { times }) => sum + times.length, 0)
  const all = new Float64Array(length)
  let filled = 0
  for (const { times } of users) for (const time of times) if (time < day) all[filled++] = time
  const before = all.subarray(0, filled).sort()
  return before[Math.floor((1 - VALIDATION_SHARE) * filled)] ?? day
}
