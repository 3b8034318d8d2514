import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowOf, rowRange } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { topK } from './ranking'
import { rowsAtOnce } from './rows-at-once'
import { scoresOf } from './scores'

/**
 * Hands over the `depth` best items of every held-out user, in the order of the part's rows: the model sees their fold-in items, and the fold-in
 * items are masked before ranking. A list is there for its `visit` alone, so memory does not grow with the number of users. Live tensors are the
 * same before and after.
 *
 * Progress counts users. Throws CANCELLED soon after the context's signal.
 */
export async function eachRankedList(
  model: Recommender,
  { foldIn }: Pick<HeldOut, 'foldIn'>,
  depth: number,
  context: JobContext,
  visit: (user: number, ranking: Int32Array) => void,
): Promise<void> {
  const users = foldIn.rows
  const step = rowsAtOnce(model.items)
  for (let first = 0; first < users; first += step) {
    const end = Math.min(first + step, users)
    const scores = await scoresOf(model, rowRange(foldIn, first, end))
    for (let user = first; user < end; user++) {
      const row = scores.subarray((user - first) * model.items, (user - first + 1) * model.items)
      visit(user, topK(row, rowOf(foldIn, user), depth))
    }
    context.progress({ stage: 'Evaluating', done: end, total: users, unit: 'users' })
    await nextTurn()
    if (context.signal.aborted) throw cancelled('The evaluation')
  }
}
