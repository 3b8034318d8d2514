import { metricNames, type MetricName, type Metrics } from '../../shared/metrics'
import type { RecallDenominator } from '../../shared/runs'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowOf } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { meanAndError } from '../numeric/statistics'
import { deepest, headlineMetrics } from './metrics/reported'
import { eachRankedList } from './ranked-lists'

export interface Evaluation {
  readonly metrics: Metrics
  /** [held-out users], in the order of the rows: the values whose mean is reported. */
  readonly perUser: Readonly<Record<MetricName, Float32Array>>
}

/**
 * Measures held-out users by the headline metrics: the model sees their fold-in items, these are masked, and the ranking of the rest is compared with
 * the targets. Leaves no tensors behind.
 *
 * Progress counts users. Throws CANCELLED soon after the context's signal.
 */
export async function evaluate(
  model: Recommender,
  heldOut: HeldOut,
  context: JobContext,
  denominator: RecallDenominator = 'min(k, |R|)',
): Promise<Evaluation> {
  const headline = headlineMetrics(denominator)
  const { rows: users } = heldOut.foldIn
  const perUser = {
    'ndcg@100': new Float32Array(users),
    'recall@20': new Float32Array(users),
    'recall@50': new Float32Array(users),
  }
  await eachRankedList(model, heldOut, deepest(headline), context, (user, ranking) => {
    const ranked = { ranking, relevant: new Set(rowOf(heldOut.targets, user)) }
    for (const name of metricNames) perUser[name][user] = headline[name].of(ranked)
  })
  return {
    metrics: {
      'ndcg@100': meanAndError(perUser['ndcg@100']),
      'recall@20': meanAndError(perUser['recall@20']),
      'recall@50': meanAndError(perUser['recall@50']),
    },
    perUser,
  }
}
