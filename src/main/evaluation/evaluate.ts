import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import { metricNames, type MetricName, type Metrics } from '../../shared/metrics'
import type { HeldOut } from '../datasets/prepare'
import type { Recommender } from '../models/model'
import { rowOf, selectRows } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { meanAndError } from '../numeric/statistics'
import { reportedDepth, reportedMetrics } from './metrics/reported'
import { topK } from './ranking'
import { rowsAtOnce } from './rows-at-once'
import { scoresOf } from './scores'

export interface Evaluation {
  readonly metrics: Metrics
  /** [users of the part], in the order of the part's rows: the values whose mean is reported. */
  readonly perUser: Readonly<Record<MetricName, Float32Array>>
}

/**
 * Scores held-out users (strong generalisation): the model sees their fold-in items, the fold-in items are masked, and the ranked rest is
 * compared with their targets. Live tensors are the same before and after.
 *
 * Progress counts users. Throws CANCELLED soon after the context's signal.
 */
export async function evaluate(model: Recommender, heldOut: HeldOut, context: JobContext): Promise<Evaluation> {
  const users = heldOut.foldIn.rows
  const empty = (): Float32Array => new Float32Array(users)
  const perUser: Record<MetricName, Float32Array> = { 'ndcg@100': empty(), 'recall@20': empty(), 'recall@50': empty() }

  const step = rowsAtOnce(model.items)
  for (let first = 0; first < users; first += step) {
    const chosen = Int32Array.from({ length: Math.min(step, users - first) }, (_, r) => first + r)
    const scores = await scoresOf(model, selectRows(heldOut.foldIn, chosen))
    chosen.forEach((user, r) => {
      const row = scores.subarray(r * model.items, (r + 1) * model.items)
      const ranking = topK(row, rowOf(heldOut.foldIn, user), reportedDepth)
      const relevant = new Set(rowOf(heldOut.targets, user))
      for (const name of metricNames) perUser[name][user] = reportedMetrics[name].of({ ranking, relevant })
    })
    context.progress({ stage: 'Evaluating', done: first + chosen.length, total: users, unit: 'users' })
    await nextTurn()
    if (context.signal.aborted) throw cancelled('The evaluation')
  }

  const metrics: Metrics = {
    'ndcg@100': meanAndError(perUser['ndcg@100']),
    'recall@20': meanAndError(perUser['recall@20']),
    'recall@50': meanAndError(perUser['recall@50']),
  }
  return { metrics, perUser }
}
