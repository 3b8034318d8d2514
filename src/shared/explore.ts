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

const itemRef = z.object({
  id: z.string(),
  title: z.string(),
  genres: z.array(z.string()),
  /** What else is known of the item, by column. */
  attributes: z.record(z.string(), z.string()).exactOptional(),
})
export type ItemRef = z.infer<typeof itemRef>

/** One member of a product of models: its probability of the item, and the item's rank if this member alone decided. */
const factor = z.object({ member: z.string(), value: z.number(), rank: z.number().int() })

/**
 * `score` is the product of the `factors`, one per member; they are empty where the score is no product. `flvae` and `nease` are VASP's two
 * factors by name, `null` where the model has no such member. Ranks count from 1 among unseen items.
 */
export const recommendedItem = itemRef.extend({
  rank: z.number().int(),
  score: z.number(),
  flvae: z.number().nullable(),
  nease: z.number().nullable(),
  flvaeRank: z.number().int().nullable(),
  neaseRank: z.number().int().nullable(),
  factors: z.array(factor),
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

/** What one member makes of an item. All logs are natural. */
const explainedFactor = factor.extend({
  log: z.number(),
  /** Which member holds the item down: log factor / log p; they sum to 1. `null` where p = 1. */
  share: z.number().nullable(),
  /** Which member lifts it above the user's average unseen item. `null` where no item is unseen. */
  lift: z.number().nullable(),
})
export type ExplainedFactor = z.infer<typeof explainedFactor>

/** Why one item stands where it stands; formulas in ARCHITECTURE.md. All logs are natural. */
export const explanation = z.object({
  item: recommendedItem,
  /** log p, the sum of the factors' logs; `null` where the score is no product. */
  logScore: z.number().nullable(),
  /** One per member. */
  factors: z.array(explainedFactor),
  /** The same of VASP's two members by name, `null` where the model has no such member. */
  logFlvae: z.number().nullable(),
  logNease: z.number().nullable(),
  shareFlvae: z.number().nullable(),
  shareNease: z.number().nullable(),
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
