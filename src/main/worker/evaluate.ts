import { formatCount } from '../../shared/format'
import { fewestMeasured, fewMeasured } from '../../shared/measured-users'
import type { EvaluateResult } from '../../shared/runs'
import { heldOutUsers } from '../datasets/prepare'
import { measure } from '../evaluation/measure'
import type { EvaluateSpecification } from '../jobs/specification'
import { loadRun } from './loaded-run'
import { peakMemory } from '../numeric/peak-memory'
import { testDataOf } from './run-data'
import type { WorkerContext } from './worker-context'

/** A warning if the model has learned from measured users; null if it has not. */
function trainedOn(measured: Int32Array, trainUsers: Int32Array): string | null {
  const training = new Set(trainUsers)
  const trained = measured.filter((user) => training.has(user)).length
  if (trained === 0) return null
  const who = `${formatCount(trained)} of the ${formatCount(measured.length)} measured users ${trained === 1 ? 'is a training user' : 'are training users'}`
  return `${who}: the figures are better than for users whom the model has not seen.`
}

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
    // By time, every user's earlier items are trained on, and only later ones are measured.
    const isByUsers = users !== null && run.split.method === 'users'
    const trained = isByUsers ? trainedOn(heldOut.users, split.trainUsers) : null
    const warnings = [few, trained].filter((warning) => warning !== null)
    const figures = { users: heldOut.users.length, metrics, warnings }
    return context.commit(() => {
      store.runs.saveEvaluation(id, { chosen: users !== null, ...figures })
      return { run: id, ...figures, segments, peakBytes: peakMemory() }
    })
  } finally {
    model.dispose()
  }
}
