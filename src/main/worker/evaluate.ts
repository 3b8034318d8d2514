import { fewestMeasured, fewMeasured } from '../../shared/measured-users'
import type { EvaluateResult } from '../../shared/runs'
import { heldOutUsers } from '../datasets/prepare'
import { measure } from '../evaluation/measure'
import type { EvaluateSpecification } from '../jobs/specification'
import { loadRun } from './loaded-run'
import { peakMemory } from './peak-memory'
import { testDataOf } from './run-data'
import type { WorkerContext } from './worker-context'

/** Measures a run's test users again, or chosen users, by the run's own protocol. */
export async function runEvaluation(
  { run: id, users }: EvaluateSpecification,
  context: WorkerContext,
): Promise<EvaluateResult> {
  const { store } = context
  context.progress({ stage: 'Loading the model', done: 0, total: null, unit: 'steps' })
  const { run, model, split } = await loadRun(store, id)
  try {
    const test = testDataOf(store, run, split)
    const heldOut =
      users === null
        ? test.heldOut
        : heldOutUsers(store, run.dataset, run.preparation, run.split, split.catalogue, users)
    const { metrics, segments } = await measure(model, heldOut, test.facts, run.split.recallDenominator, context)
    const few =
      users === null
        ? fewMeasured(heldOut.users.length, 'test user')
        : fewMeasured(heldOut.users.length, 'chosen user', `Choose at least ${fewestMeasured} users.`)
    return context.commit(() => ({
      run: id,
      users: heldOut.users.length,
      metrics,
      segments,
      warnings: few === null ? [] : [few],
      peakBytes: peakMemory(),
    }))
  } finally {
    model.dispose()
  }
}
