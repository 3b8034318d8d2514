import type { JobContext } from '../numeric/job-context'
import { BestEpoch } from './best-epoch'
import { gradientDescent } from './gradient-descent'
import type { TrainingResult, TrainingSetup } from './setup'
import { solve } from './solve'

/**
 * Trains a model, or solves it once per candidate, validates after every epoch (or candidate), stores the best by validation NDCG@100 and leaves the
 * model with its parameters.
 *
 * An interrupted training goes on from its state, or if there is none begins again.
 *
 * Throws CANCELLED between two steps after the context's signal, and BAD_INPUT if the loss is not finite; the best epoch so far stays in the
 * checkpoint.
 */
export async function train(setup: TrainingSetup, context: JobContext): Promise<TrainingResult> {
  const started = performance.now()
  const best = new BestEpoch(setup)
  const { model, steps } = setup
  let stoppedEarly: boolean
  if (model.training === 'gradient') {
    if (!steps) throw new Error('a model that is trained by steps needs its steps')
    stoppedEarly = await gradientDescent(model, setup, steps, best, context)
  } else stoppedEarly = await solve(model, setup, best, context)
  await best.restore()

  const { epochs } = best
  const trainingSeconds = epochs.reduce((sum, point) => sum + point.seconds, 0)
  const rows = epochs.reduce((sum, point) => sum + point.rowsPerSecond * point.seconds, 0)
  return {
    bestEpoch: best.epoch,
    epochs,
    stoppedEarly,
    seconds: (performance.now() - started) / 1000,
    rowsPerSecond: trainingSeconds === 0 ? 0 : rows / trainingSeconds,
  }
}
