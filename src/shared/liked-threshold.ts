import { z } from 'zod'
import { formatShare, formatValue } from './format'
import { hasValue, weighted, type ValueColumns } from './interaction-value'

/** The value from which an interaction counts as liked (null: all do), with the reason. */
export const likedSuggestion = z.object({ threshold: z.number().nullable(), evidence: z.string() })
export type LikedSuggestion = z.infer<typeof likedSuggestion>

/** What the stored value of interactions is. */
export const valueKind = z.enum(['rating', 'count', 'event weight', 'none'])
export type ValueKind = z.infer<typeof valueKind>

/** @param counted whether repeated rows became one interaction with their number */
export function valueKindOf(mapping: ValueColumns, counted: boolean): ValueKind {
  if (counted || (mapping.count ?? null) !== null) return 'count'
  if (!hasValue(mapping)) return 'none'
  return weighted(mapping) ? 'event weight' : 'rating'
}

/** Statistics of the values of all interactions. */
export interface ValueFacts {
  readonly kind: ValueKind
  readonly min: number
  readonly max: number
  /** Values, or lower bounds of ranges of them, ascending, with their interactions. */
  readonly histogram: readonly { readonly rating: number; readonly count: number }[]
}

/** Usual rating scales by their highest value, with the rating from which somebody likes the item. */
const scales: readonly (readonly [top: number, from: number])[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 3],
  [5, 4],
  [6, 5],
  [7, 5],
  [10, 8],
  [20, 14],
  [100, 70],
]
/** On scales that begin below zero, the threshold is this share of the way up. */
const upperQuarter = 0.75
/** If fewer interactions than this reach the threshold of a scale, the values are probably not ratings on it. */
const leastReaching = 0.05

/**
 * What counts as liked, depending on the kind of values: every interaction for counts and event weights, otherwise what the scale of the
 * ratings suggests (4 of 5, 8 of 10, 70 of 100), or every interaction if all ratings are equal or on no usual scale.
 */
export function suggestedThreshold({ kind, min, max, histogram }: ValueFacts): LikedSuggestion {
  const all = (why: string): LikedSuggestion => ({
    threshold: null,
    evidence: `${why}: every interaction counts as liked.`,
  })
  const range = min === max ? formatValue(min) : `${formatValue(min)} to ${formatValue(max)}`
  if (kind === 'none' || histogram.length === 0) return all('Interactions have no value')
  if (kind === 'count') return all(`The value is a count (${range})`)
  if (kind === 'event weight') return all(`The value is the weight of the event type (${range})`)
  if (min === max) return all(`Every rating is ${formatValue(min)}`)
  const threshold = ofScale(min, max, histogram)
  if (threshold === null || threshold > max) return all(`Values go from ${range}, which is not a common rating scale`)
  const interactions = histogram.reduce((sum, { count }) => sum + count, 0)
  const reaching = histogram.reduce((sum, { rating, count }) => sum + (rating >= threshold ? count : 0), 0)
  const share = reaching / interactions
  if (share < leastReaching)
    return all(
      `Values go from ${range}, but only ${formatShare(share)} of them reach ${formatValue(threshold)}, as for counts`,
    )
  return { threshold, evidence: `Ratings go from ${range}: liked from ${formatValue(threshold)}.` }
}

function ofScale(min: number, max: number, histogram: ValueFacts['histogram']): number | null {
  const whole = histogram.every(({ rating }) => Number.isInteger(rating))
  if (min < 0) {
    const from = min + upperQuarter * (max - min)
    return histogram.find(({ rating }) => rating >= from)?.rating ?? max
  }
  // Values up to one are shares of a scale of a hundred; halves up to five are stars, even if nobody gave all five.
  if (max <= 1 && !whole) return 0.7
  const top = whole ? max : Math.max(max, 5)
  return scales.find(([highest]) => highest >= top)?.[1] ?? null
}
