import { z } from 'zod'
import { datasetId } from './ids'
import { modelKind, presetName } from './models'

/** A first run that is proposed for a data set. */
export const proposal = z.object({
  /** `floor`: what every other model must surpass; `quick`: a strong one in little time; `best`: the best figures to be expected. */
  role: z.enum(['floor', 'quick', 'best']),
  model: modelKind,
  preset: presetName,
  /** Why, in one or two sentences. */
  reason: z.string(),
})
export type Proposal = z.infer<typeof proposal>

/** What is proposed for a data set on this machine. */
export const advice = z.object({
  dataset: datasetId,
  /** In the order floor, quick, best; a role for which nothing fits into memory is left out. */
  proposals: z.array(proposal),
  /** What the deep and linear product is likely to gain or lose on this data. */
  outlook: z.string(),
})
export type Advice = z.infer<typeof advice>

export const proposedRoles: Readonly<Record<Proposal['role'], string>> = {
  floor: 'The floor',
  quick: 'Strong and quick',
  best: 'Best expected',
}
