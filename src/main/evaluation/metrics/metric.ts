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

/** A user without targets has no recall and no NDCG: the protocol leaves such users out before it comes to this. */
export function requireTargets(relevant: ReadonlySet<number>): void {
  if (relevant.size === 0) throw new RangeError('A user without held-out targets cannot be scored.')
}
