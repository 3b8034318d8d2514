import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
import { defaultHeldOut, fewestTrainingUsers } from '../../shared/protocol'
import type { SplitSettings } from '../../shared/runs'
import { seededRandom } from '../numeric/random'
import type { PositiveHistory } from './positive-history'

export interface FoldedHistory {
  readonly foldIn: Int32Array
  readonly targets: Int32Array
}

/** Converts items to model indexes and drops unknown ones. */
export type InCatalogue = (items: Int32Array) => Int32Array

/** A held-out user, whose items are split into fold-in and targets once the catalogue is known. */
export interface HeldOutUser {
  readonly user: number
  readonly cut: (known: InCatalogue) => FoldedHistory
}

/** Training data (data set item indexes) and held-out users. */
export interface Division {
  readonly train: readonly { readonly user: number; readonly items: Int32Array }[]
  readonly validation: readonly HeldOutUser[]
  readonly test: readonly HeldOutUser[]
  /** By date: where validation begins, in seconds since 1970. */
  readonly validationFrom: number | null
}

/**
 * Strong generalisation: whole users are held out. The users are sorted by external id before they are shuffled, so that the split depends on their
 * ids and the seed, not on the order of the import.
 * @throws BAD_INPUT if too few training users are left.
 */
export function splitByUser(histories: readonly PositiveHistory[], settings: SplitSettings): Division {
  const standard = defaultHeldOut(histories.length)
  const test = settings.test ?? standard
  const validation = settings.validation ?? standard
  const training = histories.length - test - validation
  if (training < fewestTrainingUsers)
    throw badInput(
      `${formatCount(test)} test and ${formatCounted(validation, 'validation user')} leave ${formatCount(Math.max(0, training))} of ${formatCounted(histories.length, 'user')} with enough interactions to train on; at least ${fewestTrainingUsers} are needed.`,
      'Hold out fewer users, or lower the threshold or the minimum number of interactions.',
    )
  const chosen = shuffledUsers(histories, settings)
  const heldOut = (members: readonly PositiveHistory[]): HeldOutUser[] =>
    members.map((history) => ({
      user: history.user,
      cut: (known) => foldUser(known(history.items), history, settings),
    }))
  return {
    test: heldOut(chosen.slice(0, test)),
    validation: heldOut(chosen.slice(test, test + validation)),
    train: chosen.slice(test + validation),
    validationFrom: null,
  }
}

/** The users in a random order that depends only on their ids and the seed. */
export function shuffledUsers(histories: readonly PositiveHistory[], { seed }: SplitSettings): PositiveHistory[] {
  const sorted = [...histories].sort((a, b) => (a.externalId < b.externalId ? -1 : a.externalId > b.externalId ? 1 : 0))
  const order = seededRandom(seed).fork('held-out users').shuffle(Int32Array.from(sorted.keys()))
  return Array.from(order, (position) => sorted[position]).filter((user) => user !== undefined)
}

/**
 * Splits a held-out user's items (model indexes) at random into fold-in and max(1, ⌊(1 − foldIn) n⌋) targets. Each user has a separate random stream,
 * so the split does not depend on the other held-out users.
 */
export function foldUser(
  items: Int32Array,
  { externalId }: Pick<PositiveHistory, 'externalId'>,
  { seed, foldIn }: SplitSettings,
): FoldedHistory {
  // Sorted, so that the result does not depend on the order of the export.
  const sorted = items.toSorted()
  // (1 − 0.8) · 5 is 0.9999999999999998 in binary: the small term keeps whole numbers whole.
  const count = Math.max(1, Math.floor((1 - foldIn) * sorted.length + 1e-9))
  const order = new Int32Array(sorted.length)
  for (let position = 0; position < order.length; position++) order[position] = position
  seededRandom(seed).fork(`fold-in ${externalId}`).shuffle(order)
  const hidden = new Uint8Array(sorted.length)
  for (const position of order.subarray(0, count)) hidden[position] = 1
  const targets = new Int32Array(Math.min(count, sorted.length))
  const shown = new Int32Array(sorted.length - targets.length)
  let found = 0
  for (let position = 0; position < sorted.length; position++) {
    const item = sorted[position] ?? 0
    if (hidden[position]) targets[found++] = item
    else shown[position - found] = item
  }
  return { foldIn: shown, targets }
}
