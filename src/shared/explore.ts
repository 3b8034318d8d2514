import { z } from 'zod'
import { runId } from './ids'

/** Whose taste: a user of the data set (with all positives), or a typed history of item ids. */
export const who = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), user: z.string() }),
  z.object({ kind: z.literal('history'), items: z.array(z.string()).min(1).max(5000) }),
])
export type Who = z.infer<typeof who>

export const recommendRequest = z.object({ run: runId, who, k: z.number().int().min(1).max(1000) })
export type RecommendRequest = z.infer<typeof recommendRequest>

const itemRef = z.object({ id: z.string(), title: z.string(), genres: z.array(z.string()) })
export type ItemRef = z.infer<typeof itemRef>

/** `score = flvae × nease` for VASP; a factor is `null` where the model has no such path. Ranks count from 1 among unseen items. */
export const recommendedItem = itemRef.extend({
  rank: z.number().int(),
  score: z.number(),
  flvae: z.number().nullable(),
  nease: z.number().nullable(),
  flvaeRank: z.number().int().nullable(),
  neaseRank: z.number().int().nullable(),
})
export type RecommendedItem = z.infer<typeof recommendedItem>

export const recommendations = z.object({
  run: runId,
  history: z.array(itemRef),
  /** Typed ids that the data set or the run's catalogue does not know. */
  unknown: z.array(z.string()),
  items: z.array(recommendedItem),
})
export type Recommendations = z.infer<typeof recommendations>

export const explainRequest = z.object({ run: runId, who, item: z.string().nullable() })
export type ExplainRequest = z.infer<typeof explainRequest>

/** Why one item stands where it stands; formulas in ARCHITECTURE.md. All logs are natural. */
export const explanation = z.object({
  item: recommendedItem,
  /** log p, log f (FLVAE), log n (NEASE): log p = log f + log n. `null` where the model has no such path. */
  logScore: z.number().nullable(),
  logFlvae: z.number().nullable(),
  logNease: z.number().nullable(),
  /** Which path holds the item down: log f / log p and log n / log p; they sum to 1. */
  shareFlvae: z.number().nullable(),
  shareNease: z.number().nullable(),
  /** Which path lifts it above the user's average unseen item. */
  liftFlvae: z.number().nullable(),
  liftNease: z.number().nullable(),
  /** The shallow linear path's logit and its exact addends, one per history item, largest first. `null` without such a path. */
  linearLogit: z.number().nullable(),
  contributions: z.array(itemRef.extend({ logit: z.number() })).nullable(),
})
export type Explanation = z.infer<typeof explanation>

export const explanations = z.object({
  run: runId,
  history: z.array(itemRef),
  unknown: z.array(z.string()),
  explanations: z.array(explanation),
})
export type Explanations = z.infer<typeof explanations>
