import type { RunId } from '../../shared/ids'
import { modelEntry } from '../models/registry'
import type { Store } from '../store/store'
import { effectiveConfig, withDefaults } from './effective-config'
import type { Planned } from './plan'

/** JSON with sorted keys: equal for equal values. */
const canonical = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

const identity = (config: object, preparation: object, split: object): string =>
  [config, preparation, split].map(canonical).join('\n')

/**
 * The latest finished run of the same data set, preparation, split, model, config and seed, with weights and per-user values; null where
 * there is none.
 */
export function identicalRun(store: Store, planned: Planned): RunId | null {
  const entry = modelEntry(planned.system.model)
  const { preset, overrides } = planned.system
  const wanted = identity(effectiveConfig(entry, preset, overrides), planned.preparation, planned.split)
  const candidates = store.runs
    .list(planned.dataset)
    .filter(
      (run) => run.model === entry.kind && run.seed === planned.seed && run.status.state === 'finished' && run.usable,
    )
  const found = candidates.find(({ id }) => {
    const { config, preparation, split } = store.runs.get(id)
    return (
      identity(withDefaults(entry, config), preparation, split) === wanted &&
      store.runs.userMetric(id, 'test', 'ndcg@100') !== null
    )
  })
  return found?.id ?? null
}
