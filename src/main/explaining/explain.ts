import type { LinearPath, Recommender } from '../models/model'
import { itemFactors, logFactors, type PathName, type ScoredHistory } from './factors'
import { rankItems, scoreHistory, type RankedItem } from './recommend'

/** What one history item adds to the shallow linear path's logit of the explained item. */
export interface Contribution {
  readonly item: number
  readonly logit: number
}

/** Why one item stands where it stands for a user. All logs are natural; values of a path that the model lacks are null. */
export interface ItemExplanation {
  readonly item: RankedItem
  /** log p = log f + log n. */
  readonly logScore: number | null
  readonly logFlvae: number | null
  readonly logNease: number | null
  /** log f / log p and log n / log p, which sum to 1: which path holds the item down. Null where p = 1, for then neither does. */
  readonly shareFlvae: number | null
  readonly shareNease: number | null
  /** log f (log n) minus its mean over the user's unseen items: which path lifts the item above the average unseen one. */
  readonly liftFlvae: number | null
  readonly liftNease: number | null
  /** Σ of the contributions: NEASE and EASE have no bias. */
  readonly linearLogit: number | null
  /** One per history item, largest first. */
  readonly contributions: Contribution[] | null
}

/** Mean of a path's log factor over the items outside the history; null where none is unseen. */
function meanOverUnseen(scored: ScoredHistory, name: PathName, history: Int32Array): number | null {
  const lists = scored.paths.get(name)
  if (!lists) return null
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

const difference = (value: number | null, mean: number | null): number | null =>
  value === null || mean === null ? null : value - mean

const share = (log: number | null, total: number | null): number | null =>
  log === null || total === null || total === 0 ? null : log / total

async function linearContributions(path: LinearPath, target: number, history: Int32Array): Promise<Contribution[]> {
  const logits = await path.contributions(target, history)
  return Array.from(history, (item, at) => ({ item, logit: logits[at] ?? Number.NaN })).sort(
    (a, b) => b.logit - a.logit || a.item - b.item,
  )
}

/**
 * Explains chosen items for a history, all in model item indexes: f, n and p in log space, each path's own rank, shares, lifts, and the exact
 * addends of the linear path's logit (formulas in ARCHITECTURE.md). No tensor stays.
 */
export async function explain(model: Recommender, history: Int32Array, items: Int32Array): Promise<ItemExplanation[]> {
  const distinct = Int32Array.from(new Set(history))
  const scored = await scoreHistory(model, distinct)
  const meanFlvae = meanOverUnseen(scored, 'flvae', distinct)
  const meanNease = meanOverUnseen(scored, 'nease', distinct)
  return Promise.all(
    rankItems(scored, distinct, items).map(async (ranked) => {
      const { logFlvae, logNease, logScore } = itemFactors(scored, ranked.item)
      const contributions = model.linear ? await linearContributions(model.linear, ranked.item, distinct) : null
      return {
        item: ranked,
        logScore,
        logFlvae,
        logNease,
        shareFlvae: share(logFlvae, logScore),
        shareNease: share(logNease, logScore),
        liftFlvae: difference(logFlvae, meanFlvae),
        liftNease: difference(logNease, meanNease),
        linearLogit: contributions ? contributions.reduce((sum, { logit }) => sum + logit, 0) : null,
        contributions,
      }
    }),
  )
}
