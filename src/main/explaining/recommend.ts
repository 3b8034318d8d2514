import type { ListSource } from '../../shared/explore'
import { ranksOf, topK } from '../evaluation/ranking'
import type { Recommender } from '../models/model'
import { csrFromRows, rowOf, type Csr } from '../numeric/csr'
import { sourceOf } from './grounds'
import { itemFactors, logFactors, scoreHistories, type ScoredHistory } from './factors'

/** One item for one user, in model item indexes; ranks count from 1 among the user's unseen items. */
export interface RankedItem {
  readonly item: number
  readonly rank: number
  /** The product of the members' factors, or the model's own score if it is not a product. */
  readonly score: number
  /**
   * Each member's factor (its probability to the power of its weight) and the item's rank by this member alone. Empty for models whose score is not a
   * product.
   */
  readonly factors: readonly {
    readonly member: string
    readonly weight: number
    readonly value: number
    readonly rank: number
  }[]
}

export interface RankedList {
  readonly source: ListSource
  /** Best first. */
  readonly items: RankedItem[]
}

/** Scores one history, which may be empty. Repeated items count once. */
export async function scoreHistory(model: Recommender, history: Int32Array): Promise<ScoredHistory> {
  const [scored] = await scoreHistories(model, csrFromRows([Int32Array.from(new Set(history))], model.items))
  if (!scored) throw new RangeError('The model gave no scores for the history.')
  return scored
}

/** The ranking values for a history. */
interface Order {
  readonly source: ListSource
  /** [items]: scores, the model's or how many training users have each item. */
  readonly by: Float32Array | Float64Array
  /** [items], tie breaker: the higher value first. */
  readonly popularity: Float64Array
}

/** @param popularity [items], training users who have each */
export const orderOf = ({ scores }: ScoredHistory, history: Int32Array, popularity: Float64Array): Order => {
  const source = sourceOf(scores, history)
  return { source, by: source === 'model' ? scores : popularity, popularity }
}

/** Ranks and factors of chosen items. An item of the history gets the rank it would have if it were unseen. */
export function rankItems(
  scored: ScoredHistory,
  history: Int32Array,
  items: Int32Array,
  { by, popularity }: Order,
): RankedItem[] {
  const ranks = ranksOf(items, by, history, popularity)
  const ownRanks = new Map(
    Array.from(scored.members, ([member, lists]) => [
      member,
      ranksOf(items, logFactors(lists, scored.scores.length), history, popularity),
    ]),
  )
  return Array.from(items, (item, at) => {
    const { score, factors } = itemFactors(scored, item)
    return {
      item,
      rank: ranks[at] ?? 0,
      score,
      factors: factors.map(({ member, weight, value }) => ({
        member,
        weight,
        value,
        rank: ownRanks.get(member)?.[at] ?? 0,
      })),
    }
  })
}

/**
 * The k best unseen items for a history (model item indexes), best first; of equal scores the more popular item first, and all of them by popularity
 * if the model cannot rank them. @param popularity [items], training users who have each
 */
export async function recommend(
  model: Recommender,
  history: Int32Array,
  k: number,
  popularity: Float64Array,
): Promise<RankedList> {
  return listOf(await scoreHistory(model, history), history, k, popularity)
}

/** The lists of several histories [rows, items] at once, as `recommend` gives each. */
export async function recommendMany(
  model: Recommender,
  histories: Csr,
  k: number,
  popularity: Float64Array,
): Promise<RankedList[]> {
  const scored = await scoreHistories(model, histories)
  return scored.map((row, r) => listOf(row, rowOf(histories, r), k, popularity))
}

function listOf(scored: ScoredHistory, history: Int32Array, k: number, popularity: Float64Array): RankedList {
  const order = orderOf(scored, history, popularity)
  return {
    source: order.source,
    items: rankItems(scored, history, topK(order.by, history, k, popularity), order),
  }
}
