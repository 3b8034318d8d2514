import {
  type CatalogueMetricName,
  type ListMetricName,
  type MetricName,
  type TargetMetricName,
} from '../../../shared/metrics'
import type { RecallDenominator } from '../../../shared/runs'
import { averagePrecision } from './average-precision'
import { coverage } from './coverage'
import { diversity } from './diversity'
import { gini } from './gini'
import { hitRate } from './hit-rate'
import type { CatalogueMetric, ListMetric, UserMetric } from './metric'
import { ndcg } from './ndcg'
import { novelty } from './novelty'
import { precision } from './precision'
import { recall } from './recall'
import { reciprocalRank } from './reciprocal-rank'

/** The largest depth of any metric: lists need not be longer. */
export const deepest = (metrics: Readonly<Record<string, { readonly depth: number }>>): number =>
  Math.max(...Object.values(metrics).map(({ depth }) => depth))

/** The metrics that every run reports after each epoch, by their names in tables and files. */
export const headlineMetrics = (denominator: RecallDenominator): Readonly<Record<MetricName, UserMetric>> => ({
  'ndcg@100': ndcg(100),
  'recall@20': recall(20, denominator),
  'recall@50': recall(50, denominator),
})

/** The metrics that compare lists with targets; `recall@20` and `recall@50` divide according to the run's protocol. */
export const targetMetrics = (denominator: RecallDenominator): Readonly<Record<TargetMetricName, UserMetric>> => ({
  ...headlineMetrics(denominator),
  'ndcg-all@100': ndcg(100, '|R|'),
  'recall-all@20': recall(20, '|R|'),
  'recall-all@50': recall(50, '|R|'),
  'precision@20': precision(20),
  'map@100': averagePrecision(100),
  mrr: reciprocalRank(100),
  'hit-rate@10': hitRate(10),
})

/** Properties of the items. */
export interface CatalogueFacts {
  readonly trainUsers: number
  /** [items], training users who have each item. */
  readonly trainCounts: ArrayLike<number>
  /** [items], the genres of each. */
  readonly genres: readonly (readonly string[])[]
}

export const listMetrics = (catalogue: CatalogueFacts): Readonly<Record<ListMetricName, ListMetric>> => ({
  'novelty@20': novelty(20, catalogue.trainCounts, catalogue.trainUsers),
  'diversity@20': diversity(20, catalogue.genres),
})

export const catalogueMetrics: Readonly<Record<CatalogueMetricName, CatalogueMetric>> = {
  'coverage@20': coverage(20),
  'gini@20': gini(20),
}
