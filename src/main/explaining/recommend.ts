import { placesOf, topK } from '../evaluation/ranking'
import type { Recommender } from '../models/model'
import { csrFromRows } from '../numeric/csr'
import { itemFactors, logFactors, scoreHistories, type PathName, type ScoredHistory } from './factors'

/** One item for one user, in model item indexes; ranks count from 1 among the user's unseen items. */
export interface RankedItem {
  readonly item: number
  readonly rank: number
  /** f · n for VASP; the single path's probability or the model's own score otherwise. */
  readonly score: number
  /** f and n; null where the model has no such path. */
  readonly flvae: number | null
  readonly nease: number | null
  /** The item's rank if that path alone decided. */
  readonly flvaeRank: number | null
  readonly neaseRank: number | null
}

/** Scores one history, an empty one too. Repeated items count once. */
export async function scoreHistory(model: Recommender, history: Int32Array): Promise<ScoredHistory> {
  const [scored] = await scoreHistories(model, csrFromRows([Int32Array.from(new Set(history))], model.items))
  if (!scored) throw new RangeError('The model gave no scores for the history.')
  return scored
}

/** Ranks and factors of chosen items. An item of the history gets the rank it would have if it were unseen. */
export function rankItems(scored: ScoredHistory, history: Int32Array, items: Int32Array): RankedItem[] {
  const ownRanks = (name: PathName): Int32Array | null => {
    const lists = scored.paths.get(name)
    return lists ? placesOf(items, logFactors(lists, scored.scores.length), history) : null
  }
  const ranks = placesOf(items, scored.scores, history)
  const flvaeRanks = ownRanks('flvae')
  const neaseRanks = ownRanks('nease')
  return Array.from(items, (item, at) => {
    const { score, flvae, nease } = itemFactors(scored, item)
    return {
      item,
      rank: ranks[at] ?? 0,
      score,
      flvae,
      nease,
      flvaeRank: flvaeRanks?.[at] ?? null,
      neaseRank: neaseRanks?.[at] ?? null,
    }
  })
}

/** The k best unseen items for a history (model item indexes), best first. */
export async function recommend(model: Recommender, history: Int32Array, k: number): Promise<RankedItem[]> {
  const scored = await scoreHistory(model, history)
  return rankItems(scored, history, topK(scored.scores, history, k))
}
