import { z } from 'zod'
import { errorShape } from './errors'
import { preparationStep } from './filter-steps'
import { datasetId, preparationId } from './ids'
import { givenName } from './names'
import { preparation, requestedSplit, splitSummary } from './runs'

/** Data that would leak between the sets of a split. */
export const leakCheck = z.object({
  claim: z.string(),
  checked: z.number().int(),
  violations: z.number().int(),
})
export type LeakCheck = z.infer<typeof leakCheck>

export const preparationRequest = z.object({ dataset: datasetId, preparation, split: requestedSplit })

/** The result of a preparation and a split of a data set. */
export const preparationPreview = z.object({
  steps: z.array(preparationStep),
  split: z.object({ summary: splitSummary, checks: z.array(leakCheck) }).nullable(),
  /** Why the data cannot be prepared. */
  problem: errorShape.nullable(),
})
export type PreparationPreview = z.infer<typeof preparationPreview>

export const namedPreparation = z.object({
  id: preparationId,
  name: z.string(),
  preparation,
  createdAt: z.iso.datetime(),
})
export type NamedPreparation = z.infer<typeof namedPreparation>
export const preparationName = givenName
