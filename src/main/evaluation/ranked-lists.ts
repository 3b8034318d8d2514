import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowOf, selectRows } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { topK } from './ranking'
import { rowsAtOnce } from './rows-at-once'
import { scoresOf } from './scores'

/**
 * The `depth` best items of every held-out user, in the order of the part's rows: the model sees their fold-in items, and the fold-in items
 * are masked before ranking. Live tensors are the same before and after.
 *
 * Progress counts users. Throws CANCELLED soon after the context's signal.
 */
export async function rankedLists(
  model: Recommender,
  { foldIn }: HeldOut,
  depth: number,
  context: JobContext,
): Promise<Int32Array[]> {
  const users = foldIn.rows
  const lists: Int32Array[] = []
  const step = rowsAtOnce(model.items)
  for (let first = 0; first < users; first += step) {
    const chosen = Int32Array.from({ length: Math.min(step, users - first) }, (_, r) => first + r)
    const scores = await scoresOf(model, selectRows(foldIn, chosen))
    chosen.forEach((user, r) => {
      const row = scores.subarray(r * model.items, (r + 1) * model.items)
      lists.push(topK(row, rowOf(foldIn, user), depth))
    })
    context.progress({ stage: 'Evaluating', done: first + chosen.length, total: users, unit: 'users' })
    await nextTurn()
    if (context.signal.aborted) throw cancelled('The evaluation')
  }
  return lists
}
