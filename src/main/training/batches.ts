import type { TrainingBatch } from '../models/model'
import { csrFromRows, rowOf, selectRows, type Csr } from '../numeric/csr'
import type { Random } from '../numeric/random'

export interface EpochPlan {
  /** Rows of one step at most. With augmentation half of them are B→A and half A→B. */
  readonly batchRows: number
  /** Whether each user's items are cut into A and B (the paper's data augmentation), or shown whole. */
  readonly augment: boolean
}

const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i)

/**
 * Users of each half of an augmented step. The two halves of a step come from different users, as in the authors' code, so with fewer
 * than `batchRows` users a step is made smaller rather than showing a user's A and B side by side.
 */
const halfRows = (batchRows: number, users: number): number =>
  Math.max(1, Math.min(Math.floor(batchRows / 2), Math.floor(users / 2)))

/**
 * Cuts `users` places into the fewest runs of at most `most`, of nearly equal length: a rest of a handful of users would
 * move the weights as far as a full step does, on their noise alone.
 */
function* evenRuns(users: number, most: number): Generator<{ from: number; to: number }> {
  const runs = Math.ceil(users / most)
  for (let run = 0; run < runs; run++)
    yield { from: Math.floor((run * users) / runs), to: Math.floor(((run + 1) * users) / runs) }
}

/** A user's items of one of the two parts. */
type PartOf = (user: number) => Int32Array

/** How many steps one epoch takes. */
export function stepsPerEpoch(users: number, { batchRows, augment }: EpochPlan): number {
  return Math.ceil(users / (augment ? halfRows(batchRows, users) : batchRows))
}

/** How many rows one epoch shows: every user once, or once in each direction. */
export const rowsPerEpoch = (users: number, { augment }: EpochPlan): number => (augment ? 2 * users : users)

/**
 * One pass over the training users, in a fresh random order.
 *
 * Without augmentation the network is shown each history and must produce it again (NEASE alone). With it, every user's items are shuffled
 * and cut at floor(n/2) into A and B; a step stacks B→A rows of some users and A→B rows of others, and over the epoch every user is
 * shown once in each direction (VASP paper, section III-D; the authors leave out the last, partial steps of an epoch; here all users take part,
 * in steps of nearly equal size).
 *
 * @param train [users, items]
 * @param random this epoch's own stream
 */
export function* epochBatches(train: Csr, plan: EpochPlan, random: Random): Generator<TrainingBatch> {
  const order = random.shuffle(range(0, train.rows))
  if (!plan.augment) {
    for (const { from, to } of evenRuns(order.length, plan.batchRows)) {
      const rows = selectRows(train, order.subarray(from, to))
      yield { input: rows, target: rows }
    }
    return
  }

  const shuffled: Csr = { ...train, indices: train.indices.slice() }
  for (const user of order) random.shuffle(rowOf(shuffled, user))
  const partA = (user: number): Int32Array => {
    const items = rowOf(shuffled, user)
    return items.subarray(0, Math.floor(items.length / 2))
  }
  const partB = (user: number): Int32Array => {
    const items = rowOf(shuffled, user)
    return items.subarray(Math.floor(items.length / 2))
  }
  const stack = (above: PartOf, aboveUsers: Int32Array, below: PartOf, belowUsers: Int32Array): Csr =>
    csrFromRows([...Array.from(aboveUsers, above), ...Array.from(belowUsers, below)], train.columns)

  const half = halfRows(plan.batchRows, order.length)
  // The second half of a step walks the same order half a step ahead: other users than the first half's.
  const ahead = Int32Array.from(order, (_, place) => order[(place + half) % order.length] ?? 0)
  for (const { from, to } of evenRuns(order.length, half)) {
    const backward = order.subarray(from, to)
    const forward = ahead.subarray(from, to)
    yield { input: stack(partB, backward, partA, forward), target: stack(partA, backward, partB, forward) }
  }
}
