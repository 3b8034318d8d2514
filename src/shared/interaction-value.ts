import { z } from 'zod'

/** A kind of event that counts as an interaction, and how much. */
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

/** Whether the types of events weigh differently (or other than 1), so that a weight must be kept. */
export const weighted = ({ event }: Pick<ValueColumns, 'event'>): boolean =>
  event?.counted?.some(({ weight }) => weight !== 1) ?? false

/** Whether interactions have a value beside that they happened: a rating, a count, a weight. It is stored as their rating. */
export const hasValue = (mapping: ValueColumns): boolean =>
  mapping.rating !== null || (mapping.count ?? null) !== null || weighted(mapping)

/** What is stored as the value of interactions that have one, for people. */
export function valueInWords(mapping: ValueColumns): string {
  if (mapping.rating !== null) return 'the rating'
  if ((mapping.count ?? null) === null) return 'the weight of its event type'
  return weighted(mapping) ? 'the count times the weight of its event type' : 'the count'
}
