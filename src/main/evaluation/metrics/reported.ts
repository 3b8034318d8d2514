import type { MetricName } from '../../../shared/metrics'
import type { UserMetric } from './metric'
import { ndcg } from './ndcg'
import { recall } from './recall'

/** What every run reports, by the names that stand in every table and file. */
export const reportedMetrics: Readonly<Record<MetricName, UserMetric>> = {
  'ndcg@100': ndcg(100),
  'recall@20': recall(20),
  'recall@50': recall(50),
}

/** How many places of a list the reported metrics look at. */
export const reportedDepth = Math.max(...Object.values(reportedMetrics).map((metric) => metric.depth))
