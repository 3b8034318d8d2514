import type { JobContext } from '../numeric/job-context'
import { BestEpoch } from './best-epoch'
import { descend } from './descend'
import type { TrainingResult, TrainingSetup } from './setup'
import { solve } from './solve'

/**
 * Trains a model by steps, or solves it once per candidate, validates after every epoch (candidate), keeps the best by validation
 * NDCG@100 and leaves the model with the best one's parameters.
 *
 * Throws CANCELLED between two steps after the context's signal, and BAD_INPUT where the loss stops being a number; the best epoch
 * until then stays in the checkpoint.
 */
export async function train(setup: TrainingSetup, context: JobContext): Promise<TrainingResult> {
  const started = performance.now()
  const best = new BestEpoch(setup)
  const { model, steps } = setup
  if (model.training === 'gradient') {
    if (!steps) throw new Error('a model that is trained by steps needs its steps')
    await descend(model, setup, steps, best, context)
  } else await solve(model, setup, best, context)
  await best.restore()

  const { epochs } = best
  const trainingSeconds = epochs.reduce((sum, point) => sum + point.seconds, 0)
  const rows = epochs.reduce((sum, point) => sum + point.rowsPerSecond * point.seconds, 0)
  return {
    bestEpoch: best.epoch,
    epochs,
    seconds: (performance.now() - started) / 1000,
    rowsPerSecond: trainingSeconds === 0 ? 0 : rows / trainingSeconds,
  }
}
