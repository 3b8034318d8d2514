import type { EvaluateResult } from '../../shared/runs'
import { heldOutUsers, prepareData } from '../datasets/prepare'
import { evaluate } from '../evaluation/evaluate'
import type { EvaluateSpecification } from '../jobs/specification'
import { itemShareOf, loadRun } from './loaded-run'
import type { Workplace } from './workplace'

/** Scores a run's test users again, or chosen users, by the run's own protocol. */
export async function runEvaluation(
  { run: id, users }: EvaluateSpecification,
  place: Workplace,
): Promise<EvaluateResult> {
  const { store } = place
  place.progress({ stage: 'Loading the model', done: 0, total: null, unit: 'steps' })
  const { run, model, split } = await loadRun(store, id)
  try {
    const heldOut =
      users === null
        ? prepareData(store, run.dataset, run.preparation, run.split, { itemShare: itemShareOf(run) }).test
        : heldOutUsers(store, run.dataset, run.preparation, run.split, split.catalogue, users)
    const { metrics } = await evaluate(model, heldOut, place)
    return { run: id, users: heldOut.users.length, metrics }
  } finally {
    model.dispose()
  }
}
