import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import type { ClosedFormModel } from '../models/model'
import type { JobContext } from '../numeric/job-context'
import type { BestEpoch } from './best-epoch'
import type { TrainingSetup } from './setup'

/** Solves a closed-form model once per candidate; validation chooses among the candidates as among epochs. True if it was stopped early. */
export async function solve(
  model: ClosedFormModel,
  { train, stop }: Pick<TrainingSetup, 'train' | 'stop'>,
  best: BestEpoch,
  context: JobContext,
): Promise<boolean> {
  const checkCancelled = (): void => {
    if (context.signal.aborted) throw cancelled('The training')
  }
  const candidates = model.candidates.length
  for (const [index, { label }] of model.candidates.entries()) {
    // Solved before the training was interrupted.
    if (index < best.epochs.length) continue
    if (stop?.aborted && best.epochs.length > 0) return true
    await nextTurn()
    checkCancelled()
    const started = performance.now()
    best.discard()
    await model.fit(index, train, (done, total) => {
      checkCancelled()
      context.progress({
        stage: `Solving ${label}`,
        done: index + (total > 0 ? done / total : 0),
        total: candidates,
        unit: candidates === 1 ? 'solution' : 'solutions',
      })
    })
    const seconds = (performance.now() - started) / 1000
    await best.finish({ label, loss: {}, seconds, rows: train.rows })
    context.progress({ stage: `Solved ${label}`, done: index + 1, total: candidates, unit: 'solutions' })
  }
  return false
}
