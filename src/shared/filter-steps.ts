import { z } from 'zod'
import { formatCount } from './format'

/** What was left after one filter; `all`: the data set itself. */
export const preparationStep = z.object({
  filter: z.enum(['all', 'threshold', 'days', 'sample', 'popular', 'minimum']),
  users: z.number().int(),
  items: z.number().int(),
  interactions: z.number().int(),
  /** Times that the minimum was applied until it held. */
  rounds: z.number().int().nullable(),
})
export type PreparationStep = z.infer<typeof preparationStep>

/** How steps are called on screen and in the terminal. */
export const stepNames: Record<PreparationStep['filter'], string> = {
  all: 'All data',
  threshold: 'Liked (threshold)',
  days: 'Within the dates',
  sample: 'Sampled users',
  popular: 'Most popular items',
  minimum: 'k-core',
}

/** Filters that leave a smaller share of the users are pointed out. */
const leastShare = 0.5

const reasons: Record<PreparationStep['filter'], { readonly cause: string; readonly next: string } | null> = {
  all: null,
  // A sample is as small as it was asked to be.
  sample: null,
  threshold: {
    cause: 'the threshold for liked items',
    next: 'Lower the threshold, or let every interaction count.',
  },
  days: { cause: 'the days', next: 'Choose a longer period.' },
  popular: { cause: 'the limit to the most popular items', next: 'Keep more items.' },
  minimum: { cause: 'the minimum number of interactions', next: 'Lower the minimum per user or per item.' },
}

/** What must be said where filters leave under half of the users, with the filter that takes most of them; null where they leave more. */
export function filterWarning(steps: readonly PreparationStep[]): string | null {
  let share = 1
  let worst: { readonly step: PreparationStep; readonly before: number; readonly left: number } | null = null
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]?.users ?? 0
    if (reasons[step.filter] === null || before === 0) continue
    const left = step.users / before
    share *= left
    if (!worst || left < worst.left) worst = { step, before, left }
  }
  const [all] = steps
  const last = steps.at(-1)
  const reason = worst && reasons[worst.step.filter]
  if (!all || !last || !worst || !reason || share >= leastShare) return null
  const kept = `The filters leave ${formatCount(last.users)} of ${formatCount(all.users)} users and ${formatCount(last.interactions)} of ${formatCount(all.interactions)} interactions.`
  return `${kept} Most users are excluded by ${reason.cause}: ${formatCount(worst.step.users)} of ${formatCount(worst.before)} remain. ${reason.next}`
}
