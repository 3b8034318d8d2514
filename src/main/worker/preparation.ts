import { StudioError, toErrorShape } from '../../shared/errors'
import type { PreparationStep } from '../../shared/filter-steps'
import type { PreparationPreview } from '../../shared/preparations'
import { leakChecks } from '../datasets/leak-check'
import { positiveHistories } from '../datasets/positive-histories'
import type { Question } from '../jobs/protocol'
import type { Store } from '../store/store'
import { preparedBy } from './run-data'

/** The effect of a preparation on a data set, filter by filter, and the resulting split. */
export function previewPreparation(
  store: Store,
  { dataset, preparation, split }: Extract<Question, { kind: 'prepare' }>,
): PreparationPreview {
  const steps: PreparationStep[] = []
  try {
    positiveHistories(store, dataset, preparation, (step) => steps.push(step))
    const data = preparedBy(store, dataset, preparation, split)
    const checks = leakChecks(store, dataset, split.method, data)
    return { steps, split: { summary: data.summary, checks }, problem: null }
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    return { steps, split: null, problem: toErrorShape(error) }
  }
}
