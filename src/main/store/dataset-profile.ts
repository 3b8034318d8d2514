import { z } from 'zod'
import { datasetDetail } from '../../shared/datasets'
import type { StoredHistory } from './store'

/** The profile that is computed while a data set is written, and stored with it. */
export const profileSchema = datasetDetail.pick({ ratingHistogram: true, activityHistogram: true }).extend({
  /** Lowest and highest value; absent if there are none, and in data sets of earlier versions. */
  range: z.object({ min: z.number(), max: z.number() }).nullish(),
})
export type Profile = z.infer<typeof profileSchema>

/** With more different ratings than this, the histogram has this many equal bins, each named by its lower bound. */
const bars = 40

export interface ProfileCounter {
  count(history: StoredHistory): void
  profile(): Profile
}

export function profileCounter(): ProfileCounter {
  const ratings = new Map<number, number>()
  /** [2 × rating]: counts of half stars, the most common ratings, without a look-up. */
  const halfStars = new Float64Array(256)
  /** [n]: users with 2ⁿ … 2ⁿ⁺¹ − 1 interactions. */
  const activity: number[] = []
  return {
    count(history) {
      const power = Math.floor(Math.log2(Math.max(1, history.items.length)))
      activity[power] = (activity[power] ?? 0) + 1
      if (!history.ratings) return
      for (const rating of history.ratings) {
        const twice = 2 * rating
        if (twice >= 0 && twice < 256 && twice === Math.floor(twice)) halfStars[twice]!++
        else ratings.set(rating, (ratings.get(rating) ?? 0) + 1)
      }
    },
    profile: () => ({
      ...histogram(new Map([...ratings, ...counted(halfStars)])),
      activityHistogram: Array.from(activity, (users: number | undefined, power) => ({
        from: 2 ** power,
        to: 2 ** (power + 1) - 1,
        users: users ?? 0,
      })),
    }),
  }
}

const counted = (halfStars: Float64Array): [rating: number, count: number][] =>
  [...halfStars.entries()].filter(([, count]) => count > 0).map(([twice, count]) => [twice / 2, count])

function histogram(counts: ReadonlyMap<number, number>): Pick<Profile, 'ratingHistogram' | 'range'> {
  const sorted = [...counts].sort(([a], [b]) => a - b)
  const [lowest, highest] = [sorted[0]?.[0] ?? 0, sorted.at(-1)?.[0] ?? 0]
  const range = sorted.length === 0 ? null : { min: tidy(lowest), max: tidy(highest) }
  if (sorted.length <= bars)
    return { range, ratingHistogram: sorted.map(([rating, count]) => ({ rating: tidy(rating), count })) }
  const width = (highest - lowest) / bars
  const bins = Array.from({ length: bars }, (_, bin) => ({ rating: tidy(lowest + bin * width), count: 0 }))
  for (const [rating, count] of sorted) {
    const bin = bins[Math.min(bars - 1, Math.floor((rating - lowest) / width))]
    if (bin) bin.count += count
  }
  return { range, ratingHistogram: bins }
}

/** A float32's shortest decimal: 4.1 rather than 4.099999904632568. */
const tidy = (rating: number): number => Number(rating.toPrecision(7))

/** Lowest and highest value; for data sets of earlier versions, as precise as their histogram. */
export function valueRange({ range, ratingHistogram }: Profile): { min: number; max: number } {
  const [min, second] = [ratingHistogram[0]?.rating ?? 0, ratingHistogram[1]?.rating ?? 0]
  const last = ratingHistogram.at(-1)?.rating ?? 0
  // The last of the maximum number of bins is named by its lower bound.
  return range ?? { min, max: ratingHistogram.length < bars ? last : tidy(last + (second - min)) }
}
