import { z } from 'zod'
import { formatCounted, formatDuration } from './format'

/** How long a run is likely to take on this machine, from a few steps that were computed on it. All times in seconds. */
export const timeEstimate = z.object({
  /** Until the first epoch: starting the process, preparing the data, drawing the weights. */
  before: z.number(),
  /** The epochs of all stages; for a model in closed form its candidates. */
  epochs: z.number().int(),
  /** Of one epoch with its validation; for a model in closed form the mean over its candidates. */
  epoch: z.number(),
  /** After the last epoch: measuring validation and test users. */
  after: z.number(),
  total: z.number(),
  /** The total is likely to be within this share of the estimate. */
  error: z.number(),
  /** Whether patience can end the training before its last epoch. */
  mayStopEarly: z.boolean(),
  /** `steps` of a training, a `whole` solution, or solutions for the most popular items, `extrapolated` to all. */
  basis: z.enum(['steps', 'whole', 'extrapolated']),
  /** How long measuring has taken. */
  measured: z.number(),
  /** Processors that other programs kept busy on average while it was measured, and how many the machine has. */
  others: z.object({ busy: z.number(), of: z.number() }),
  /** A job of this library that computed while it was measured, in whichever program; null for none. */
  meanwhile: z.string().nullable(),
})
export type TimeEstimate = z.infer<typeof timeEstimate>

/** From this share of all processors on, other programs make a measurement noticeably slower. */
const DISTURBING = 0.1

/** Why an estimate is likely to be too long; null if nothing disturbed its measurement. */
export function disturbanceOf({ others, meanwhile }: TimeEstimate): string | null {
  const cause =
    meanwhile !== null
      ? `“${meanwhile}” was computing while this was measured`
      : others.busy >= DISTURBING * others.of
        ? `Other programs kept about ${others.busy.toFixed(1)} of ${formatCounted(others.of, 'processor')} busy while this was measured`
        : null
  return cause === null ? null : `${cause}, so the figure may be too high. Measure again when the machine is idle.`
}

/** An estimate in words: how long, of what, and how sure. */
export function timeEstimateText(
  { total, epochs, epoch, error, mayStopEarly, basis }: TimeEstimate,
  training: 'gradient' | 'closed-form',
): { readonly time: string; readonly detail: string } {
  const each = formatDuration(epoch)
  const parts =
    training === 'closed-form'
      ? `${formatCounted(epochs, 'candidate')}, ${each} each`
      : `${formatCounted(epochs, 'epoch')} of ${each}${mayStopEarly ? ', fewer if validation stops improving' : ''}`
  const from = {
    steps: 'a few steps on this machine',
    whole: 'one solution on this machine',
    extrapolated: 'solutions for fewer items on this machine',
  }[basis]
  return {
    time: `About ${formatDuration(total)}`,
    detail: `${parts}. Estimated from ${from}, within ${Math.round(100 * error)} %.`,
  }
}
