import { z } from 'zod'

const count = z.number().int().nonnegative()

/** Where a training by steps stands between two of them; with the tensors of the model's state, it goes on from there. */
export const trainingPosition = z.object({
  /** Index of the learning-rate stage. */
  stage: count,
  /** Epochs that are done or that early stopping has skipped, over all stages. */
  passed: count,
  /** Epochs of this stage since its last new best. */
  sinceBest: count,
  /** Number of epochs that are validated. */
  epochs: count,
  /** The epoch that has begun: its current sweep, and the steps of that sweep that are done. Both 0 between two epochs. */
  sweep: count,
  steps: count,
  /** Sum of each loss term of that epoch so far, times rows, and these rows. */
  losses: z.object({ sums: z.record(z.string(), z.number()), rows: count }),
  /** Time of that epoch's steps so far. */
  seconds: z.number(),
  /** `StepNumbers` of the model. */
  model: z.object({
    steps: count,
    epoch: count,
    sweep: count,
    noise: z.array(z.number().int()).readonly(),
    optimisers: z.array(count).readonly(),
  }),
})
export type TrainingPosition = z.infer<typeof trainingPosition>
