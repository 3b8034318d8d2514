import type { ListSource } from '../../shared/explore'
import type { LinearSum, Recommender } from '../models/model'
import { itemFactors, logFactors, type ScoredHistory } from './factors'
import { orderOf, rankItems, scoreHistory, type RankedItem } from './recommend'

/** The contribution of one history item to the explained item's score, or to a linear member's logit. */
interface Contribution {
  readonly item: number
  readonly logit: number
}

/** The explained item's score, or a member's logit, as the sum that it is. */
export interface ItemLinearSum {
  /** The intercept and Σ of the contributions. */
  readonly logit: number
  /** 0, except for calibrated scores f = σ(a·s + b): there it is b, and the contributions are a times those to s. */
  readonly intercept: number
  /** One per history item, largest first. */
  readonly contributions: readonly Contribution[]
}

/** One member's figures for the item. */
export interface ExplainedFactor {
  readonly member: string
  /** Exponent of its probability in the product. */
  readonly weight: number
  /** f_m^w_m: its probability if the weight is 1. */
  readonly value: number
  /** The item's rank if this member alone decided. */
  readonly rank: number
  readonly log: number
  /** w_m log f_m / log p; the shares sum to 1 and say which member limits the score. Null if p = 1. */
  readonly share: number | null
  /** w_m log f_m minus its mean over the user's unseen items: which member lifts the item above the average unseen one. Null if no item is unseen. */
  readonly lift: number | null
  /** Its logit as a linear sum; null if it is none. */
  readonly linearSum: ItemLinearSum | null
}

/** Why an item has its rank for a user. All logs are natural. */
export interface ItemExplanation {
  readonly item: RankedItem
  /** log p = Σ w_m log f_m; null for models whose score is not a product. */
  readonly logScore: number | null
  /** One per member, in the model's order. */
  readonly factors: readonly ExplainedFactor[]
  /** The score itself as a linear sum; null if it is none. */
  readonly linearSum: ItemLinearSum | null
}

/** Mean of a member's log factor over the items outside the history; null if no item is unseen. */
function meanOverUnseen(scored: ScoredHistory, member: string, history: Int32Array): number | null {
  const lists = scored.members.get(member)
  if (!lists) throw new RangeError(`the model has no member ${member}`)
  const seen = new Set(history)
  let sum = 0
  let unseen = 0
  logFactors(lists, scored.scores.length).forEach((log, item) => {
    if (seen.has(item)) return
    sum += log
    unseen++
  })
  return unseen === 0 ? null : sum / unseen
}

async function linearSumFor(
  target: number,
  history: Int32Array,
  linear: LinearSum | null,
): Promise<ItemLinearSum | null> {
  if (linear === null) return null
  const { intercept = 0 } = linear
  const logits = await linear.contributions(target, history)
  const contributions = Array.from(history, (item, at) => ({ item, logit: logits[at] ?? Number.NaN })).sort(
    (a, b) => b.logit - a.logit || a.item - b.item,
  )
  return { logit: contributions.reduce((sum, { logit }) => sum + logit, intercept), intercept, contributions }
}

/**
 * Explains chosen items for a history, all in model item indexes: every member's factor and p in log space, each member's own rank, shares, lifts,
 * the exact contributions to every linear member's logit or to a linear score (formulas in ARCHITECTURE.md), and whether the model ranks the items at
 * all. Leaves no tensors behind.
 */
export async function explain(
  model: Recommender,
  history: Int32Array,
  items: Int32Array,
  popularity: Float64Array,
): Promise<{ source: ListSource; items: ItemExplanation[] }> {
  const distinct = Int32Array.from(new Set(history))
  const scored = await scoreHistory(model, distinct)
  const means = new Map(
    Array.from(scored.members.keys(), (member) => [member, meanOverUnseen(scored, member, distinct)]),
  )
  const order = orderOf(scored, distinct, popularity)
  const explained = await Promise.all(
    rankItems(scored, distinct, items, order).map(async (ranked) => {
      const { factors, logScore } = itemFactors(scored, ranked.item)
      const sumOf = (linear: LinearSum | null): Promise<ItemLinearSum | null> =>
        linearSumFor(ranked.item, distinct, linear)
      const memberSums = await Promise.all(model.members.map(({ linear }) => sumOf(linear)))
      return {
        item: ranked,
        logScore,
        factors: factors.map(({ member, weight, value, log }, m) => {
          const mean = means.get(member) ?? null
          return {
            member,
            weight,
            value,
            rank: ranked.factors[m]?.rank ?? 0,
            log,
            share: logScore === null || logScore === 0 ? null : log / logScore,
            lift: mean === null ? null : log - mean,
            linearSum: memberSums[m] ?? null,
          }
        }),
        linearSum: await sumOf(model.linear),
      }
    }),
  )
  return { source: order.source, items: explained }
}
