import type { MetricName, Metrics } from '../../shared/metrics'
import type { RecallDenominator } from '../../shared/runs'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowOf } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { meanAndError } from '../numeric/statistics'
import type { UserMetric } from './metrics/metric'
import { headlineMetrics, reportedDepth } from './metrics/reported'
import { rankedLists } from './ranked-lists'

export interface Evaluation {
  readonly metrics: Metrics
  /** [users of the part], in the order of the part's rows: the values whose mean is reported. */
  readonly perUser: Readonly<Record<MetricName, Float32Array>>
}

/**
 * Scores held-out users by the headline metrics: the model sees their fold-in items, the fold-in items are masked, and the ranked rest is
 * compared with their targets. Live tensors are the same before and after.
 *
 * Progress counts users. Throws CANCELLED soon after the context's signal.
 */
export async function evaluate(
  model: Recommender,
  heldOut: HeldOut,
  context: JobContext,
  denominator: RecallDenominator = 'min(k, |R|)',
): Promise<Evaluation> {
  const lists = await rankedLists(model, heldOut, reportedDepth, context)
  const relevant = lists.map((_, user) => new Set(rowOf(heldOut.targets, user)))
  const values = (metric: UserMetric): Float32Array =>
    Float32Array.from(lists, (ranking, user) => metric.of({ ranking, relevant: relevant[user] ?? new Set() }))
  const headline = headlineMetrics(denominator)
  const perUser = {
    'ndcg@100': values(headline['ndcg@100']),
    'recall@20': values(headline['recall@20']),
    'recall@50': values(headline['recall@50']),
  }
  return {
    metrics: {
      'ndcg@100': meanAndError(perUser['ndcg@100']),
      'recall@20': meanAndError(perUser['recall@20']),
      'recall@50': meanAndError(perUser['recall@50']),
    },
    perUser,
  }
}
