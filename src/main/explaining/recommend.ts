import { placesOf, topK } from '../evaluation/ranking'
import type { Recommender } from '../models/model'
import { csrFromRows } from '../numeric/csr'
import { itemFactors, logFactors, scoreHistories, type ScoredHistory } from './factors'

/** One item for one user, in model item indexes; ranks count from 1 among the user's unseen items. */
export interface RankedItem {
  readonly item: number
  readonly rank: number
  /** The product of the members' probabilities; the model's own score where it is no such product. */
  readonly score: number
  /** Each member's probability, and the item's rank if that member alone decided. Empty for models whose score is no product. */
  readonly factors: readonly { readonly member: string; readonly value: number; readonly rank: number }[]
}

/** Scores one history, an empty one too. Repeated items count once. */
export async function scoreHistory(model: Recommender, history: Int32Array): Promise<ScoredHistory> {
  const [scored] = await scoreHistories(model, csrFromRows([Int32Array.from(new Set(history))], model.items))
  if (!scored) throw new RangeError('The model gave no scores for the history.')
  return scored
}

/** Ranks and factors of chosen items. An item of the history gets the rank it would have if it were unseen. */
export function rankItems(scored: ScoredHistory, history: Int32Array, items: Int32Array): RankedItem[] {
  const ranks = placesOf(items, scored.scores, history)
  const ownRanks = new Map(
    Array.from(scored.paths, ([member, lists]) => [
      member,
      placesOf(items, logFactors(lists, scored.scores.length), history),
    ]),
  )
  return Array.from(items, (item, at) => {
    const { score, factors } = itemFactors(scored, item)
    return {
      item,
      rank: ranks[at] ?? 0,
      score,
      factors: factors.map(({ member, value }) => ({ member, value, rank: ownRanks.get(member)?.[at] ?? 0 })),
    }
  })
}

/** The k best unseen items for a history (model item indexes), best first. */
export async function recommend(model: Recommender, history: Int32Array, k: number): Promise<RankedItem[]> {
  const scored = await scoreHistory(model, history)
  return rankItems(scored, history, topK(scored.scores, history, k))
}
