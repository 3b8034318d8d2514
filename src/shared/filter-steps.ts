import { z } from 'zod'
import { formatCount } from './format'

/** What is left after one filter; `all`: the whole data set. */
export const preparationStep = z.object({
  filter: z.enum(['all', 'threshold', 'days', 'sample', 'popular', 'minimum']),
  users: z.number().int(),
  items: z.number().int(),
  interactions: z.number().int(),
  /** How many times the minimum was applied until it held. */
  rounds: z.number().int().nullable(),
})
export type PreparationStep = z.infer<typeof preparationStep>

/** The names of the steps on screen and in the terminal. */
export const stepNames: Record<PreparationStep['filter'], string> = {
  all: 'All data',
  threshold: 'Liked (threshold)',
  days: 'Within the dates',
  sample: 'Sampled users',
  popular: 'Most popular items',
  minimum: 'k-core',
}

/** A filter that leaves a smaller share of the users is pointed out. */
const leastShare = 0.5

const reasons: Record<PreparationStep['filter'], { readonly cause: string; readonly next: string } | null> = {
  all: null,
  // A sample is small because it was requested.
  sample: null,
  threshold: {
    cause: 'the threshold for liked items',
    next: 'Lower the threshold, or let every interaction count.',
  },
  days: { cause: 'the days', next: 'Choose a longer period.' },
  popular: { cause: 'the limit to the most popular items', next: 'Keep more items.' },
  minimum: { cause: 'the minimum number of interactions', next: 'Lower the minimum per user or per item.' },
}

/** A warning if filters leave under half of the users, with the filter that removes most of them; otherwise null. */
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
