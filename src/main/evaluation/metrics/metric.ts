/** A user's ranked list and held-out targets. */
export interface RankedUser {
  /** Item indexes, best first, without the fold-in items. */
  readonly ranking: ArrayLike<number>
  /** R, the held-out targets; never empty. */
  readonly relevant: ReadonlySet<number>
}

/** One number per user; the mean over users is reported. */
export interface UserMetric {
  /** How many ranks of the list it uses. */
  readonly depth: number
  of(user: RankedUser): number
}

/** One number per user from the list alone, or null; the mean over users with a value is reported. */
export interface ListMetric {
  readonly depth: number
  of(ranking: ArrayLike<number>): number | null
}

/** One number for all lists together. */
export interface CatalogueMetric {
  readonly depth: number
  /** @param counts [items], in how many lists each item is among the first `depth`; returns null if undefined */
  of(counts: ArrayLike<number>): number | null
}

/** A user without targets has no recall and no NDCG; the protocol excludes such users earlier. */
export function requireTargets(relevant: ReadonlySet<number>): void {
  if (relevant.size === 0) throw new RangeError('A user without held-out targets cannot be scored.')
}
