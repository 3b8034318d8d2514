import type { Explanation, LinearSum } from '../../../shared/explore'
import { formatSigned } from '../../../shared/format'

type Contribution = LinearSum['contributions'][number]

/** The one with the largest value. */
const largestBy = <T>(values: readonly T[], by: (value: T) => number): T | undefined =>
  values.reduce<T | undefined>((best, value) => (best === undefined || by(value) > by(best) ? value : best), undefined)

/** One sentence on which member limits the score and one on which lifts it; empty for a single member. */
export function explanationText({ factors }: Pick<Explanation, 'factors'>): string[] {
  if (factors.length < 2) return []
  const sentences: string[] = []
  const shares = factors.flatMap(({ title, share }) => (share === null ? [] : [{ title, share }]))
  const holder = largestBy(shares, ({ share }) => share)
  if (holder)
    sentences.push(
      holder.share < 1.1 / factors.length
        ? `${factors.length === 2 ? 'Both members limit' : 'All members limit'} the score about equally.`
        : `${holder.title} limits the score most: ${Math.round(holder.share * 100)} % of the distance from 1, in log terms.`,
    )
  const lifts = factors.flatMap(({ title, lift }) => (lift === null ? [] : [{ title, lift }]))
  const lifter = largestBy(lifts, ({ lift }) => lift)
  if (lifter)
    sentences.push(
      lifter.lift <= 0
        ? `${factors.length === 2 ? 'Neither member' : 'No member'} lifts it above this user’s average unseen item.`
        : `${lifter.title} lifts it most: ${formatSigned(lifter.lift, 2)} in log terms above this user’s average unseen item.`,
    )
  return sentences
}

export interface ShownContributions {
  readonly rows: readonly Contribution[]
  /** How many smaller ones are folded together, and their exact sum. */
  readonly folded: number
  readonly foldedLogit: number
}

/** The `count` contributions of largest magnitude in signed order; the rest as one sum, so that the total stays exact. */
export function largestContributions(all: readonly Contribution[], count: number): ShownContributions {
  if (all.length <= count) return { rows: all, folded: 0, foldedLogit: 0 }
  const byMagnitude = [...all].sort((a, b) => Math.abs(b.logit) - Math.abs(a.logit))
  const kept = byMagnitude.slice(0, count).sort((a, b) => b.logit - a.logit)
  const rest = byMagnitude.slice(count)
  return { rows: kept, folded: rest.length, foldedLogit: rest.reduce((sum, { logit }) => sum + logit, 0) }
}
