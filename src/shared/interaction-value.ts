import { z } from 'zod'

/** A type of event that counts as an interaction, with its weight. */
export const countedEvent = z.object({ type: z.string().min(1), weight: z.number().positive() })
export type CountedEvent = z.infer<typeof countedEvent>

/** The column that says what happened (view, cart, purchase); `counted: null`: every type is an interaction. */
export const eventColumn = z.object({
  column: z.string().min(1),
  counted: z.array(countedEvent).min(1).max(500).nullable(),
})
export type EventColumn = z.infer<typeof eventColumn>

export interface ValueColumns {
  readonly rating: string | null
  readonly count?: string | null | undefined
  readonly event?: EventColumn | null | undefined
}

/** Whether the event types have different weights (or other than 1), so that the weight must be stored. */
export const weighted = ({ event }: Pick<ValueColumns, 'event'>): boolean =>
  event?.counted?.some(({ weight }) => weight !== 1) ?? false

/** Whether interactions have a value: a rating, a count or a weight. It is stored as their rating. */
export const hasValue = (mapping: ValueColumns): boolean =>
  mapping.rating !== null || (mapping.count ?? null) !== null || weighted(mapping)

/** A description of the stored value of interactions. */
export function valueInWords(mapping: ValueColumns): string {
  if (mapping.rating !== null) return 'the rating'
  if ((mapping.count ?? null) === null) return 'the weight of its event type'
  return weighted(mapping) ? 'the count times the weight of its event type' : 'the count'
}
