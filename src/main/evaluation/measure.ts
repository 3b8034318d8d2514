import {
  catalogueMetricNames,
  listMetricNames,
  segmentMetrics,
  targetMetricNames,
  testMetrics,
  type Metric,
  type Segment,
  type TestMetrics,
  type UserMetricName,
} from '../../shared/metrics'
import type { RecallDenominator } from '../../shared/runs'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowOf } from '../numeric/csr'
import { jackknifeError } from '../numeric/jackknife'
import type { JobContext } from '../numeric/job-context'
import { meanAndError } from '../numeric/statistics'
import type { RankedUser } from './metrics/metric'
import { catalogueMetrics, listMetrics, reportedDepth, targetMetrics, type CatalogueFacts } from './metrics/reported'
import { rankedLists } from './ranked-lists'
import { itemsByPopularity, usersByActivity } from './segments'

/** Groups of users that the jackknife leaves out, where there are more users. */
const MOST_GROUPS = 100

/** Not-a-number where a user has no value; the reported figure is the mean of the others. */
type PerUser = ReadonlyMap<UserMetricName, Float32Array>

export interface Measurement {
  readonly metrics: TestMetrics
  /** [users of the part] by metric, in the order of the part's rows. */
  readonly perUser: PerUser
  readonly segments: Segment[]
}

/**
 * Scores held-out users by every metric, over all and by segment. Done once, at the end: validation needs the headline only.
 *
 * Progress counts users. Throws CANCELLED soon after the context's signal.
 */
export async function measure(
  model: Recommender,
  heldOut: HeldOut,
  catalogue: CatalogueFacts,
  denominator: RecallDenominator,
  context: JobContext,
): Promise<Measurement> {
  return measureLists(await rankedLists(model, heldOut, reportedDepth, context), heldOut, catalogue, denominator)
}

/**
 * The same on lists that are there already.
 *
 * By user activity every metric is taken over the users of the segment. By item popularity only the targets that lie in the segment count,
 * and only users who have any; coverage and Gini are of the segment's items. Novelty and diversity describe whole lists, so items have none.
 *
 * @param lists one list of `reportedDepth` items per row of `heldOut`, best first
 */
export function measureLists(
  lists: readonly Int32Array[],
  heldOut: HeldOut,
  catalogue: CatalogueFacts,
  denominator: RecallDenominator,
): Measurement {
  const items = catalogue.trainCounts.length
  const everyItem = Int32Array.from({ length: items }, (_, item) => item)
  const ranked: RankedUser[] = lists.map((ranking, user) => ({
    ranking,
    relevant: new Set(rowOf(heldOut.targets, user)),
  }))
  const perUser: PerUser = new Map([...againstTargets(ranked, denominator), ...ofLists(lists, catalogue)])

  const lengths = lists.map((_, user) => rowOf(heldOut.foldIn, user).length)
  const byActivity = usersByActivity(lengths).map(({ members, ...segment }): Segment => {
    const theirValues = new Map(
      [...perUser].map(([name, values]) => [name, Float32Array.from(members, (user) => values[user] ?? Number.NaN)]),
    )
    const theirLists = Array.from(members, (user) => lists[user] ?? new Int32Array())
    return {
      ...segment,
      by: 'user-activity',
      members: members.length,
      metrics: segmentMetrics.parse({ ...means(theirValues), ...ofCatalogue(theirLists, everyItem, items) }),
    }
  })
  const byPopularity = itemsByPopularity(catalogue.trainCounts).map(({ members, ...segment }): Segment => {
    const within = new Set(members)
    const theirs = ranked
      .map(({ ranking, relevant }) => ({
        ranking,
        relevant: new Set([...relevant].filter((item) => within.has(item))),
      }))
      .filter(({ relevant }) => relevant.size > 0)
    return {
      ...segment,
      by: 'item-popularity',
      members: members.length,
      metrics: segmentMetrics.parse({
        ...means(againstTargets(theirs, denominator)),
        ...ofCatalogue(lists, members, items),
      }),
    }
  })
  return {
    metrics: testMetrics.parse({ ...means(perUser), ...ofCatalogue(lists, everyItem, items) }),
    perUser,
    segments: [...byActivity, ...byPopularity],
  }
}

function againstTargets(users: readonly RankedUser[], denominator: RecallDenominator): PerUser {
  const metrics = targetMetrics(denominator)
  return new Map(targetMetricNames.map((name) => [name, Float32Array.from(users, (user) => metrics[name].of(user))]))
}

function ofLists(lists: readonly Int32Array[], catalogue: CatalogueFacts): PerUser {
  const metrics = listMetrics(catalogue)
  return new Map(
    listMetricNames.map((name) => [name, Float32Array.from(lists, (list) => metrics[name].of(list) ?? Number.NaN)]),
  )
}

/** Means of the metrics that have a value for anyone. */
const means = (perUser: PerUser): Record<string, Metric> =>
  Object.fromEntries(
    [...perUser]
      .map(([name, values]) => [name, meanAndError(values.filter((value) => !Number.isNaN(value)))] as const)
      .filter(([, { users }]) => users > 0),
  )

/** Coverage and Gini of the given items over all lists, with their jackknife errors; what cannot be told is left out. */
function ofCatalogue(lists: readonly Int32Array[], among: Int32Array, items: number): Record<string, Metric> {
  const groups = Math.min(lists.length, MOST_GROUPS)
  const reported: Record<string, Metric> = {}
  for (const name of catalogueMetricNames) {
    const metric = catalogueMetrics[name]
    /** [items asked for], in how many of every `step`-th list from `first` on each stands. */
    const counted = (first: number, step: number): Float64Array => {
      const counts = new Float64Array(items)
      for (let user = first; user < lists.length; user += step)
        for (const item of lists[user]?.subarray(0, metric.depth) ?? []) counts[item] = (counts[item] ?? 0) + 1
      return Float64Array.from(among, (item) => counts[item] ?? 0)
    }
    const all = counted(0, 1)
    const mean = metric.of(all)
    if (mean === null) continue
    const se = jackknifeError(groups, (group) => {
      const left = counted(group, groups)
      return metric.of(all.map((count, item) => count - (left[item] ?? 0)))
    })
    reported[name] = { mean, se, users: lists.length }
  }
  return reported
}
