import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowRange } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { rankRows } from './rank-rows'
import { rowsAtOnce } from '../models/rows-at-once'

/**
 * Visits the `depth` best items of every held-out user, in the order of the rows: the model sees the fold-in items, and these are masked before
 * ranking. A list is valid only during its `visit`, so memory does not grow with the number of users. Leaves no tensors behind.
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
    const shown = rowRange(foldIn, first, end)
    const scores = model.score(shown)
    try {
      const lists = await rankRows(scores, shown, depth)
      lists.forEach((ranking, r) => visit(first + r, ranking))
    } finally {
      scores.dispose()
    }
    context.progress({ stage: 'Evaluating', done: end, total: users, unit: 'users' })
    await nextTurn()
    if (context.signal.aborted) throw cancelled('The evaluation')
  }
}
