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

/** One member of a product of models: its factor of the item's score, and the item's rank if this member alone decided. */
const factor = z.object({
  /** Distinct within the product, for example `nease` or `nease (run 3)`. */
  member: z.string(),
  /** As people call it. */
  title: z.string(),
  /** Whether its logit is the sum of an explanation's contributions. */
  linear: z.boolean(),
  /** The power of its probability: above 0, and 1 but for products whose weights were chosen. */
  weight: z.number().default(1),
  /** Its probability to the power of its weight. */
  value: z.number(),
  rank: z.number().int(),
})

/**
 * `score` is the product of the `factors`, one per member; they are empty where the score is no product. Ranks count from 1 among unseen
 * items; of equal scores the item that more training users have stands first. In a list from popularity the score is the model's all the same.
 */
export const recommendedItem = itemRef.extend({
  rank: z.number().int(),
  score: z.number(),
  factors: z.array(factor),
})
export type RecommendedItem = z.infer<typeof recommendedItem>

/** `popularity`: the model has nothing to tell the user by, so the list has the items that most training users have. */
export const listSource = z.enum(['model', 'popularity'])
export type ListSource = z.infer<typeof listSource>

/** Why a list does not come from the model, for people; null where it does. */
export function sourceSentence({
  source,
  history,
}: {
  readonly source: ListSource
  readonly history: readonly unknown[]
}): string | null {
  if (source === 'model') return null
  const why =
    history.length === 0
      ? 'The run knows none of the items that this user likes'
      : 'The run gives every other item the same score for this history'
  return `${why}, so the list comes from popularity: the items that most training users have. The scores say nothing of this user.`
}

/** What becomes of users whom a model knows nothing to tell by: a list from popularity, marked so, or none. */
export const unknownUsers = z.enum(['popularity', 'leave-out'])
export type UnknownUsers = z.infer<typeof unknownUsers>

export const recommendations = z.object({
  run: runId,
  source: listSource,
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
  /**
   * The logit of the linear member, or the score of a linear model, and its exact addends: the intercept, which is 0 but for a calibrated score, and
   * one per history item, largest first. `null` where nothing is linear.
   */
  linearLogit: z.number().nullable(),
  intercept: z.number().default(0),
  contributions: z.array(itemRef.extend({ logit: z.number() })).nullable(),
})
export type Explanation = z.infer<typeof explanation>

export const explanations = z.object({
  run: runId,
  source: listSource,
  history: z.array(itemRef),
  unknown: z.array(z.string()),
  explanations: z.array(explanation),
})
export type Explanations = z.infer<typeof explanations>
