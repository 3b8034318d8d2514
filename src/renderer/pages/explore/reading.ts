import type { Explanation } from '../../../shared/explore'
import { formatSigned } from '../../../shared/format'

export type Contribution = NonNullable<Explanation['contributions']>[number]

/** One sentence on what holds the item down and one on what lifts it; empty where the model has one path only. */
export function reading(explanation: Explanation): string[] {
  const { shareFlvae, shareNease, liftFlvae, liftNease } = explanation
  const sentences: string[] = []
  if (shareFlvae !== null && shareNease !== null) {
    const larger = Math.max(shareFlvae, shareNease)
    const path = shareFlvae > shareNease ? 'FLVAE' : 'NEASE'
    sentences.push(
      larger < 0.55
        ? 'Both paths hold it down about equally.'
        : `${path} holds it down: ${Math.round(larger * 100)} % of what the score lacks to 1.`,
    )
  }
  if (liftFlvae !== null && liftNease !== null) {
    const path = liftFlvae > liftNease ? 'FLVAE' : 'NEASE'
    const most = Math.max(liftFlvae, liftNease)
    sentences.push(
      most <= 0
        ? 'Neither path lifts it above this user’s average unseen item.'
        : `${path} lifts it most: ${formatSigned(most, 2)} in log terms above this user’s average unseen item.`,
    )
  }
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
