import type { TrainingBatch } from '../models/model'
import { csrFromRows, rowOf, selectRows, type Csr } from '../numeric/csr'
import type { Random } from '../numeric/random'

export interface EpochPlan {
  /** Maximum batch size. With augmentation half of the rows are B→A and half A→B. */
  readonly batchRows: number
  /** Whether each user's items are split into A and B (the paper's data augmentation). */
  readonly augment: boolean
}

const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i)

/**
 * Users of each half of an augmented step. The two halves of a step come from different users, as in the authors' code, so with fewer than
 * `batchRows` users the batch is smaller, instead of containing a user's A and B together.
 */
const halfRows = (batchRows: number, users: number): number =>
  Math.max(1, Math.min(Math.floor(batchRows / 2), Math.floor(users / 2)))

/**
 * Splits `users` into the fewest batches of at most `most`, of nearly equal size: a last batch of a few users would change the weights as much as a
 * full one, but mostly by noise.
 */
function* evenRuns(users: number, most: number): Generator<{ from: number; to: number }> {
  const runs = Math.ceil(users / most)
  for (let run = 0; run < runs; run++)
    yield { from: Math.floor((run * users) / runs), to: Math.floor(((run + 1) * users) / runs) }
}

/** A user's items in one of the two halves. */
type Half = (user: number) => Int32Array

/** Number of steps in an epoch. */
export function stepsPerEpoch(users: number, { batchRows, augment }: EpochPlan): number {
  return Math.ceil(users / (augment ? halfRows(batchRows, users) : batchRows))
}

/** Number of rows in an epoch: every user once, or once in each direction. */
export const rowsPerEpoch = (users: number, { augment }: EpochPlan): number => (augment ? 2 * users : users)

/**
 * One pass over the training users, in a fresh random order.
 *
 * Without augmentation the network sees each history and must reproduce it. With it, every user's items are shuffled and cut at
 * floor(n/2) into A and B; a step stacks B→A rows of some users and A→B rows of others, and over the epoch every user occurs once in each direction
 * (VASP paper, section III-D; the authors leave out the last, partial steps of an epoch; here all users are included, in steps of nearly equal size).
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
  const stack = (above: Half, aboveUsers: Int32Array, below: Half, belowUsers: Int32Array): Csr =>
    csrFromRows([...Array.from(aboveUsers, above), ...Array.from(belowUsers, below)], train.columns)

  const half = halfRows(plan.batchRows, order.length)
  // The second half of a batch uses the same order, half a batch ahead, so its users differ from the first half's.
  const ahead = Int32Array.from(order, (_, index) => order[(index + half) % order.length] ?? 0)
  for (const { from, to } of evenRuns(order.length, half)) {
    const backward = order.subarray(from, to)
    const forward = ahead.subarray(from, to)
    yield { input: stack(partB, backward, partA, forward), target: stack(partA, backward, partB, forward) }
  }
}
