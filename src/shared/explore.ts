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
  /** Distinct within the product, a model's kind, or `kind (run 3)`. */
  member: z.string(),
  /** As people call it. */
  title: z.string(),
  /** Whether its logit is a sum of one contribution per history item, as explanations have it. */
  linear: z.boolean(),
  /** The power of its probability: above 0, and 1 but for products whose weights were chosen. */
  weight: z.number().default(1),
  /** Its probability to the power of its weight. */
  value: z.number(),
  rank: z.number().int(),
})

/**
 * `score` is the product of the `factors`, one per member; they are empty if the score is not a product. Ranks count from 1 among unseen items; of
 * equal scores the item that more training users have stands first. In a list from popularity the score is the model's all the same.
 */
export const recommendedItem = itemRef.extend({
  rank: z.number().int(),
  score: z.number(),
  factors: z.array(factor),
})
export type RecommendedItem = z.infer<typeof recommendedItem>

/** `popularity`: the model cannot rank for this user, so the list has the items that most training users have. */
export const listSource = z.enum(['model', 'popularity'])
export type ListSource = z.infer<typeof listSource>

/** Why a list does not come from the model; null if it does. */
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
      ? 'The run does not know any item that this user likes'
      : 'The run gives every other item the same score for this history'
  return `${why}, so the list comes from popularity: the items that most training users have. The scores say nothing about this user.`
}

/** What users get whom a model cannot rank for: a list from popularity, marked as such, or none. */
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

/**
 * A linear member's logit, or the score of a linear model, and the terms that it is the exact sum of: the intercept, which is 0 except for calibrated
 * scores, and one contribution per history item, largest first.
 */
export const linearSum = z.object({
  logit: z.number(),
  intercept: z.number(),
  contributions: z.array(itemRef.extend({ logit: z.number() })),
})
export type LinearSum = z.infer<typeof linearSum>

/** One member's figures for an item. All logs are natural. */
const explainedFactor = factor.extend({
  log: z.number(),
  /** log factor / log p: which member limits the score; they sum to 1. `null` if p = 1. */
  share: z.number().nullable(),
  /** Which member lifts it above the user's average unseen item. `null` if no item is unseen. */
  lift: z.number().nullable(),
  /** Its logit as a linear sum. `null` if it is none. */
  linearSum: linearSum.nullable(),
})
export type ExplainedFactor = z.infer<typeof explainedFactor>

/** Why an item has its rank; formulas in ARCHITECTURE.md. All logs are natural. */
export const explanation = z.object({
  item: recommendedItem,
  /** log p, the sum of the factors' logs; `null` if the score is not a product. */
  logScore: z.number().nullable(),
  /** One per member. */
  factors: z.array(explainedFactor),
  /** The score itself as a linear sum. `null` if it is none, as where it is a product: then a factor may have one. */
  linearSum: linearSum.nullable(),
})
export type Explanation = z.infer<typeof explanation>

/** Every linear sum that explains the item, with the member whose logit it is: the score's own, without a member, or those of the linear members. */
export function linearSums({
  linearSum,
  factors,
}: Pick<Explanation, 'linearSum' | 'factors'>): { readonly member: ExplainedFactor | null; readonly sum: LinearSum }[] {
  const ofMembers = factors.flatMap((member) => (member.linearSum ? [{ member, sum: member.linearSum }] : []))
  return linearSum ? [{ member: null, sum: linearSum }, ...ofMembers] : ofMembers
}

export const explanations = z.object({
  run: runId,
  source: listSource,
  history: z.array(itemRef),
  unknown: z.array(z.string()),
  explanations: z.array(explanation),
})
export type Explanations = z.infer<typeof explanations>
