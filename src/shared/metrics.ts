import { z } from 'zod'
import { fewestForError } from './measured-users'

/** The headline metrics: measured on the validation users after each epoch and on the test users at the end. */
export const metricName = z.enum(['ndcg@100', 'recall@20', 'recall@50'])
export type MetricName = z.infer<typeof metricName>
export const metricNames = metricName.options

/** The fields that a metric and a table cell have in common. */
export const metricShape = { mean: z.number(), se: z.number().nullable(), users: z.number().int() }

/** A value from fewer than two users has no standard error; earlier versions stored 0. */
export const withoutErrorOfFew = <Figure extends { se: number | null; users: number }>(figure: Figure): Figure =>
  figure.users < fewestForError && figure.se !== null ? { ...figure, se: null } : figure

/**
 * Mean over users, its standard error (sample standard deviation / √users), and the number of users. `se` is null for fewer than two users.
 *
 * Coverage and Gini are one value for all lists: `mean` is that value and `se` its jackknife standard error, from leaving out users (one at a time,
 * or in a hundred groups if there are more); it is also null if the value cannot be computed without some of them.
 */
export const metric = z.object(metricShape).overwrite(withoutErrorOfFew)
export type Metric = z.infer<typeof metric>

export const metrics = z.record(metricName, metric)
export type Metrics = z.infer<typeof metrics>

/** Compare a user's list with the user's targets. */
export const targetMetricNames = [
  ...metricNames,
  'ndcg-all@100',
  'recall-all@20',
  'recall-all@50',
  'precision@20',
  'map@100',
  'mrr',
  'hit-rate@10',
] as const
export type TargetMetricName = (typeof targetMetricNames)[number]

/** Metrics of a user's list alone. */
export const listMetricNames = ['novelty@20', 'diversity@20'] as const
export type ListMetricName = (typeof listMetricNames)[number]

/** Metrics of all users' lists together, without a value per user. */
export const catalogueMetricNames = ['coverage@20', 'gini@20'] as const
export type CatalogueMetricName = (typeof catalogueMetricNames)[number]

/** Metrics with one value per user. */
export const userMetricNames = [...targetMetricNames, ...listMetricNames] as const
export type UserMetricName = (typeof userMetricNames)[number]

/**
 * Everything that is measured on the test users, the headline metrics first. Undefined values are left out: diversity if the items have no genres,
 * and all but the headline metrics in runs of version 0.1.
 */
export const testMetrics = z.object({
  'ndcg@100': metric,
  'recall@20': metric,
  'recall@50': metric,
  'ndcg-all@100': metric.optional(),
  'recall-all@20': metric.optional(),
  'recall-all@50': metric.optional(),
  'precision@20': metric.optional(),
  'map@100': metric.optional(),
  mrr: metric.optional(),
  'hit-rate@10': metric.optional(),
  'coverage@20': metric.optional(),
  'gini@20': metric.optional(),
  'novelty@20': metric.optional(),
  'diversity@20': metric.optional(),
})
export type TestMetrics = z.infer<typeof testMetrics>

const testMetricName = testMetrics.keyof()
export type TestMetricName = z.infer<typeof testMetricName>
export const testMetricNames = testMetricName.options

/** Metrics of a segment, any of which may be missing. */
export const segmentMetrics = testMetrics.partial()

/** A one-line description of each metric for tables and help. */
export const metricMeanings: Readonly<Record<TestMetricName, string>> = {
  'ndcg@100': 'hits discounted by rank, compared with a perfect list of min(100, targets) hits',
  'recall@20': 'targets among the first 20',
  'recall@50': 'targets among the first 50',
  'ndcg-all@100': 'like NDCG, but compared with a perfect list of all targets (equation 15)',
  'recall-all@20': 'targets among the first 20, divided by all targets (equation 16)',
  'recall-all@50': 'targets among the first 50, divided by all targets (equation 16)',
  'precision@20': 'share of the first 20 that are targets',
  'map@100': 'mean of the precision at each hit among the first 100',
  mrr: '1 / rank of the first hit, 0 beyond rank 100',
  'hit-rate@10': 'users with a target among the first 10',
  'coverage@20': 'share of the catalogue that is in at least one list of 20',
  'gini@20': 'how unequally items share the first 20 ranks: 0 equally, 1 all for one item',
  'novelty@20':
    'mean self-information of the first 20, −log₂ of the share of training users who have the item, in bits',
  'diversity@20': 'how little the genres of the first 20 overlap: mean of 1 − Jaccard over pairs of items with genres',
}

/** Users by activity from light to heavy, items by popularity from head to tail. */
export const segmentName = z.enum(['light', 'medium', 'heavy', 'head', 'mid', 'tail'])
export type SegmentName = z.infer<typeof segmentName>

/** A segmentation of the test users or the items, with the metrics of each segment. */
export const segment = z.object({
  /** By the number of fold-in items of the test users, or by the number of training users of the items. */
  by: z.enum(['user-activity', 'item-popularity']),
  name: segmentName,
  /** Smallest and largest number, by which it is cut, within the segment. */
  low: z.number().int(),
  high: z.number().int(),
  /** Users or items in it. */
  members: z.number().int(),
  metrics: segmentMetrics,
})
export type Segment = z.infer<typeof segment>

/** Held-out users: a search compares runs by validation users, other tables by test users. */
export const heldOutSet = z.enum(['validation', 'test'])
export type HeldOutSet = z.infer<typeof heldOutSet>
