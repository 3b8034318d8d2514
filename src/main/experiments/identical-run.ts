import { isDeepStrictEqual } from 'node:util'
import type { RunId } from '../../shared/ids'
import { sameProtocol } from '../../shared/protocol'
import { combinationSettings, type Run, type RunDetail } from '../../shared/runs'
import { configure, modelOf, storedModel } from '../models/registry'
import type { Store } from '../store/store'
import type { Planned } from './plan'

/** JSON with sorted keys: equal for equal values. */
const canonical = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

/** Whether a run combines exactly these runs; a trained run combines none. */
const isMadeOf = (run: RunDetail, members: readonly RunId[]): boolean =>
  isDeepStrictEqual(new Set(run.members?.map((member) => member.run)), new Set(members))

const validationOf = (run: Run | undefined): number => run?.validation?.['ndcg@100'].mean ?? Number.NaN

/**
 * Whether a product with chosen weights is worse on the validation users than one of its runs: an earlier version made it, which did not try runs
 * without a probability alone.
 */
function isOutdone(run: RunDetail, all: readonly Run[]): boolean {
  const { members, config } = run
  if (members === null || combinationSettings.parse(config).weights === 'equal') return false
  const own = validationOf(run)
  // The same lists can differ by rounding.
  return members.some((member) => validationOf(all.find(({ id }) => id === member.run)) > own + 1e-6)
}

/**
 * The latest finished run of the same data set, protocol, model, config and seed, with weights and per-user values; null if there is none. @param
 * members runs that the planned one combines; its config is then `combinationSettings`
 */
export function identicalRun(store: Store, planned: Planned, members: readonly RunId[]): RunId | null {
  const definition = modelOf(planned.system.model)
  const { preset, overrides } = planned.system
  const configOf = (run: Pick<RunDetail, 'model' | 'config'>): string =>
    canonical(members.length > 0 ? combinationSettings.parse(run.config) : storedModel(run).config)
  const wanted = canonical(
    members.length > 0 ? combinationSettings.parse(overrides) : configure(definition, preset, overrides).config,
  )
  const all = store.runs.list(planned.dataset)
  const candidates = all.filter(
    (run) =>
      run.model === definition.kind && run.seed === planned.seed && run.status.state === 'finished' && run.usable,
  )
  const found = candidates.find(({ id }) => {
    const run = store.runs.get(id)
    return (
      isMadeOf(run, members) &&
      sameProtocol(run, planned) &&
      configOf(run) === wanted &&
      !isOutdone(run, all) &&
      store.runs.userMetric(id, 'test', 'ndcg@100') !== null
    )
  })
  return found?.id ?? null
}
