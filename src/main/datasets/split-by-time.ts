import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
import type { SplitSettings } from '../../shared/runs'
import type { Liker } from './liker'
import { shuffledUsers, type Division, type HeldOutUser } from './split'

/** Share of the interactions before the date, the last ones in time, that are validation targets. */
const VALIDATION_SHARE = 0.1

interface Timed extends Liker {
  readonly times: Float64Array
}

/** Throws BAD_INPUT where the data set has no times: file order is no time. */
function timed(likers: readonly Liker[], name: string): Timed[] {
  const known = likers.filter((liker): liker is Timed => liker.times !== null)
  if (known.length === likers.length) return known
  throw badInput(
    `“${name}” has no times, so nobody can tell which items came last.`,
    'Split by users, or import the data again and name its column of times.',
  )
}

/** How a user's items, in time order, are cut: the model sees `items[0 … shown)` and has to find `items[shown … end)`. */
interface Cut {
  readonly shown: number
  readonly end: number
}

const heldOutAt = ({ user, items }: Liker, { shown, end }: Cut): HeldOutUser => ({
  user,
  cut: (known) => ({ foldIn: known(items.subarray(0, shown)), targets: known(items.subarray(shown, end)) }),
})

/** Users whose cut leaves something on both sides, all of them or as many as are asked for, drawn by the seed. */
function measured(
  likers: readonly Liker[],
  size: number | null,
  settings: SplitSettings,
  cutOf: (liker: Liker) => Cut,
): HeldOutUser[] {
  const able = likers.filter((liker) => {
    const { shown, end } = cutOf(liker)
    return shown > 0 && end > shown
  })
  if (size !== null && size > able.length)
    throw badInput(
      `${formatCounted(size, 'user')} cannot be measured: only ${formatCount(able.length)} have liked items on both sides of the cut.`,
      'Ask for fewer, lower the minimum of interactions, or choose another date.',
    )
  const chosen = size === null ? able : shuffledUsers(able, settings).slice(0, size)
  return chosen.map((liker) => heldOutAt(liker, cutOf(liker)))
}

/**
 * Each user's last item is the test target and the last but one the validation target; training has what is before both, of everybody,
 * measured or not. Users with fewer than three items are only trained on. Items of the same second stand in the order of the file.
 * @throws BAD_INPUT without times, or where fewer users than asked for can be measured.
 */
export function leaveLastOut(likers: readonly Liker[], settings: SplitSettings, name: string): Division {
  const users = timed(likers, name)
  const cutBefore =
    (last: number) =>
    ({ items }: Liker): Cut =>
      items.length < 3 ? { shown: 0, end: 0 } : { shown: items.length - last, end: items.length - last + 1 }
  return {
    train: users.map(({ user, items }) => ({ user, items: items.length < 3 ? items : items.subarray(0, -2) })),
    validation: measured(users, settings.validation, settings, cutBefore(2)),
    test: measured(users, settings.test, settings, cutBefore(1)),
    validationFrom: null,
  }
}

/**
 * What users liked on or after the day (UTC) is the test target, shown everything before. So that nothing of the future chooses the best
 * epoch, validation lies before the day as well: its targets are the last tenth of those interactions in time, and training has what is
 * before them.
 * @throws BAD_INPUT without times or a date, or where nothing lies on one side of it.
 */
export function splitByDate(likers: readonly Liker[], settings: SplitSettings, name: string): Division {
  const users = timed(likers, name)
  if (settings.date === null)
    throw badInput('A split by date needs a date.', 'Give the first day of the test targets, as 2015-01-31.')
  const day = Date.parse(`${settings.date}T00:00:00Z`) / 1000
  const validationFrom = startOfValidation(users, day)
  const countBefore = ({ times }: Timed, moment: number): number => times.filter((time) => time < moment).length
  const cuts = new Map(
    users.map((liker) => [liker.user, { train: countBefore(liker, validationFrom), before: countBefore(liker, day) }]),
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
  const dayOf = (seconds: number | undefined): string => new Date((seconds ?? 0) * 1000).toISOString().slice(0, 10)
  throw badInput(
    `No user of “${name}” has liked items both before and after ${division.test.length === 0 ? settings.date : dayOf(validationFrom)}; they reach from ${dayOf(moments[0])} to ${dayOf(moments.at(-1))}.`,
    'Choose another date, or split by users or by each user’s last item.',
  )
}

/** The moment before which nine tenths of the interactions before `day` lie. */
function startOfValidation(users: readonly Timed[], day: number): number {
  const length = users.reduce((sum, { times }) => sum + times.length, 0)
  const all = new Float64Array(length)
  let filled = 0
  for (const { times } of users) for (const time of times) if (time < day) all[filled++] = time
  const before = all.subarray(0, filled).sort()
  return before[Math.floor((1 - VALIDATION_SHARE) * filled)] ?? day
}
