/** A user's ranked list and what the user really went on to like. */
export interface RankedUser {
  /** Item indexes, best first, without the items the model was shown. */
  readonly ranking: ArrayLike<number>
  /** R, the held-out targets; never empty. */
  readonly relevant: ReadonlySet<number>
}

/** One number per user; the reported figure is the mean over users. */
export interface UserMetric {
  /** How many places of the list it looks at. */
  readonly depth: number
  of(user: RankedUser): number
}

/** One number per user from the list alone, null where the list does not say; the reported figure is the mean over users with a value. */
export interface ListMetric {
  readonly depth: number
  of(ranking: ArrayLike<number>): number | null
}

/** One number for all lists together. */
export interface CatalogueMetric {
  readonly depth: number
  /** @param counts [items], in how many lists each item stands among the first `depth`; null where it cannot be told */
  of(counts: ArrayLike<number>): number | null
}

/** A user without targets has no recall and no NDCG: the protocol leaves such users out before it comes to this. */
export function requireTargets(relevant: ReadonlySet<number>): void {
  if (relevant.size === 0) throw new RangeError('A user without held-out targets cannot be scored.')
}
