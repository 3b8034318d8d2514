import {
  listMetricNames,
  segmentMetrics,
  targetMetricNames,
  testMetrics,
  userMetricNames,
  type Metric,
  type Segment,
  type TargetMetricName,
  type TestMetrics,
  type UserMetricName,
} from '../../shared/metrics'
import type { RecallDenominator } from '../../shared/runs'
import type { HeldOut } from '../datasets/prepared'
import type { Recommender } from '../models/model'
import { rowOf } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { meanAndError, RunningMean } from '../numeric/statistics'
import { CatalogueCounts } from './catalogue-counts'
import { catalogueMetrics, deepest, listMetrics, targetMetrics, type CatalogueFacts } from './metrics/reported'
import { eachRankedList } from './ranked-lists'
import { itemsByPopularity, usersByActivity } from './segments'

/** NaN if a user has no value; the reported value is the mean of the others. */
type PerUser = ReadonlyMap<UserMetricName, Float32Array>

export interface Measurement {
  readonly metrics: TestMetrics
  /** [held-out users] by metric, in the order of the rows. */
  readonly perUser: PerUser
  readonly segments: Segment[]
}

/**
 * Measures held-out users by every metric, over all and by segment. Used once, at the end: validation needs only the headline metrics.
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
  const measuring = new Measuring(heldOut, catalogue, denominator)
  await eachRankedList(model, heldOut, measuring.depth, context, (user, ranking) => measuring.add(user, ranking))
  return measuring.finish()
}

/**
 * Measures one list after the other without storing them: it keeps a number per user and metric, and counts per item.
 *
 * Segments by user activity have every metric over their users. In segments by item popularity only targets in the segment count, and only users who
 * have any; coverage and Gini are those of the segment's items. Novelty and diversity describe whole lists, so item segments do not have them.
 */
export class Measuring {
  readonly #targetMetrics
  readonly #listMetrics
  readonly #perUser: PerUser
  readonly #everybody: CatalogueCounts
  readonly #byActivity
  readonly #byPopularity
  /** [users]: the user's segment by activity. */
  readonly #segmentOf: Uint8Array

  constructor(
    private readonly heldOut: HeldOut,
    catalogue: CatalogueFacts,
    denominator: RecallDenominator,
  ) {
    const { rows: users, offsets } = heldOut.foldIn
    const items = catalogue.trainCounts.length
    this.#targetMetrics = targetMetrics(denominator)
    this.#listMetrics = listMetrics(catalogue)
    this.#perUser = new Map(userMetricNames.map((name) => [name, new Float32Array(users)]))
    this.#everybody = new CatalogueCounts(items, users)
    const lengths = Int32Array.from({ length: users }, (_, user) => (offsets[user + 1] ?? 0) - (offsets[user] ?? 0))
    this.#segmentOf = new Uint8Array(users)
    this.#byActivity = usersByActivity(lengths).map((segment, index) => {
      for (const user of segment.members) this.#segmentOf[user] = index
      return { ...segment, counts: new CatalogueCounts(items, segment.members.length) }
    })
    this.#byPopularity = itemsByPopularity(catalogue.trainCounts).map((segment) => ({
      ...segment,
      within: new Set(segment.members),
      means: new Map<TargetMetricName, RunningMean>(targetMetricNames.map((name) => [name, new RunningMean()])),
    }))
  }

  /** Required list length. */
  get depth(): number {
    return deepest({ ...this.#targetMetrics, ...this.#listMetrics, ...catalogueMetrics })
  }

  /** @param ranking `depth` items, best first, of the held-out user in that row; called once per user, in the order of the rows */
  add(user: number, ranking: Int32Array): void {
    const relevant = new Set(rowOf(this.heldOut.targets, user))
    for (const name of targetMetricNames) this.#keep(name, user, this.#targetMetrics[name].of({ ranking, relevant }))
    for (const name of listMetricNames) this.#keep(name, user, this.#listMetrics[name].of(ranking) ?? Number.NaN)
    this.#everybody.add(ranking)
    this.#byActivity[this.#segmentOf[user] ?? 0]?.counts.add(ranking)
    for (const { within, means } of this.#byPopularity) {
      const theirs = new Set([...relevant].filter((item) => within.has(item)))
      if (theirs.size === 0) continue
      for (const [name, mean] of means)
        mean.add(Math.fround(this.#targetMetrics[name].of({ ranking, relevant: theirs })))
    }
  }

  /** The results over all lists. */
  finish(): Measurement {
    const byActivity = this.#byActivity.map(({ members, counts, ...segment }): Segment => {
      const theirs = [...this.#perUser].map(
        ([name, values]) => [name, Float32Array.from(members, (user) => values[user] ?? Number.NaN)] as const,
      )
      return {
        ...segment,
        by: 'user-activity',
        members: members.length,
        metrics: segmentMetrics.parse({ ...meansOf(theirs), ...counts.figures() }),
      }
    })
    const byPopularity = this.#byPopularity.map(({ name, low, high, members, means }): Segment => {
      const theirs = [...means].map(([metric, mean]) => [metric, mean.metric()] as const)
      return {
        name,
        low,
        high,
        by: 'item-popularity',
        members: members.length,
        metrics: segmentMetrics.parse({ ...known(theirs), ...this.#everybody.figures(members) }),
      }
    })
    return {
      metrics: testMetrics.parse({ ...meansOf(this.#perUser), ...this.#everybody.figures() }),
      perUser: this.#perUser,
      segments: [...byActivity, ...byPopularity],
    }
  }

  #keep(name: UserMetricName, user: number, value: number): void {
    const values = this.#perUser.get(name)
    if (values) values[user] = value
  }
}

/** Means of the metrics that have a value for at least one user. */
const meansOf = (perUser: Iterable<readonly [string, Float32Array]>): Record<string, Metric> =>
  known(
    Array.from(
      perUser,
      ([name, values]) => [name, meanAndError(values.filter((value) => !Number.isNaN(value)))] as const,
    ),
  )

const known = (means: readonly (readonly [string, Metric])[]): Record<string, Metric> =>
  Object.fromEntries(means.filter(([, { users }]) => users > 0))
