import { badInput } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import type { SplitSettings } from '../../shared/runs'
import { seededRandom } from '../numeric/random'

/** Where a size is not given: a tenth of the users, at most this many. */
const LARGEST_DEFAULT = 10_000
/** With fewer training users than this there is nothing to learn from. */
const FEWEST_TRAINING_USERS = 5

export interface UserSplit<User> {
  readonly train: User[]
  readonly validation: User[]
  readonly test: User[]
}

/**
 * Strong generalisation: whole users are held out. The users are sorted by external id before they are shuffled, so that the split
 * depends on who they are and on the seed, not on the order of the import.
 * @throws BAD_INPUT where the sizes leave too few users to train on.
 */
export function splitUsers<User extends { readonly externalId: string }>(
  users: readonly User[],
  settings: SplitSettings,
): UserSplit<User> {
  const standard = Math.max(1, Math.min(LARGEST_DEFAULT, Math.round(users.length / 10)))
  const test = settings.test ?? standard
  const validation = settings.validation ?? standard
  const training = users.length - test - validation
  if (training < FEWEST_TRAINING_USERS)
    throw badInput(
      `${formatCount(test)} test and ${formatCount(validation)} validation users leave ${formatCount(Math.max(0, training))} of ${formatCount(users.length)} users with enough interactions to train on; at least ${FEWEST_TRAINING_USERS} are needed.`,
      'Hold out fewer users, or lower the rating threshold or the minimum of interactions.',
    )
  const sorted = [...users].sort((a, b) => (a.externalId < b.externalId ? -1 : a.externalId > b.externalId ? 1 : 0))
  const order = seededRandom(settings.seed).fork('held-out users').shuffle(Int32Array.from(sorted.keys()))
  const chosen = Array.from(order, (position) => sorted[position]).filter((user) => user !== undefined)
  return {
    test: chosen.slice(0, test),
    validation: chosen.slice(test, test + validation),
    train: chosen.slice(test + validation),
  }
}

export interface FoldedHistory {
  readonly foldIn: Int32Array
  readonly targets: Int32Array
}

/**
 * Cuts a held-out user's items at random into what the model sees and max(1, ⌊(1 − foldIn) n⌋) targets. Each user has a random stream of
 * their own, so that the cut does not depend on who else is held out.
 */
export function foldUser(items: Int32Array, externalId: string, { seed, foldIn }: SplitSettings): FoldedHistory {
  // (1 − 0.8) · 5 is 0.9999999999999998 in binary: the small addend keeps whole numbers whole.
  const count = Math.max(1, Math.floor((1 - foldIn) * items.length + 1e-9))
  const order = seededRandom(seed).fork(`fold-in ${externalId}`).shuffle(Int32Array.from(items.keys()))
  const targets = new Set(order.subarray(0, count))
  return {
    foldIn: items.filter((_, position) => !targets.has(position)),
    targets: items.filter((_, position) => targets.has(position)),
  }
}
