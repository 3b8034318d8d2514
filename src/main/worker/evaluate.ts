import type { EvaluateResult } from '../../shared/runs'
import { heldOutUsers, prepareData } from '../datasets/prepare'
import { measure } from '../evaluation/measure'
import type { EvaluateSpecification } from '../jobs/specification'
import { catalogueFacts } from './catalogue-facts'
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
    const data = prepareData(store, run.dataset, run.preparation, run.split, { itemShare: itemShareOf(run) })
    const heldOut =
      users === null ? data.test : heldOutUsers(store, run.dataset, run.preparation, run.split, split.catalogue, users)
    const facts = catalogueFacts(store, run.dataset, data)
    const { metrics, segments } = await measure(model, heldOut, facts, run.split.recallDenominator, place)
    return { run: id, users: heldOut.users.length, metrics, segments }
  } finally {
    model.dispose()
  }
}
