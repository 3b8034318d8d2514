import type { Comparison } from '../../shared/comparisons'
import { sameProtocol } from '../../shared/protocol'
import type { Run } from '../../shared/runs'
import { meanAndError } from '../numeric/statistics'

/**
 * Runs that are the same but for their seeds, one for each seed: a run that was repeated would narrow the error. Where the seed changes nothing, as with
 * most models in closed form, there is nothing to say.
 */
export function overSeeds(runs: readonly Run[]): Comparison['seeds'] {
  const groups: Run[][] = []
  for (const run of runs) {
    if (run.test === null) continue
    const group = groups.find(
      ([first]) =>
        first?.model === run.model &&
        JSON.stringify(first.config) === JSON.stringify(run.config) &&
        sameProtocol(first, run),
    )
    if (group) group.push(run)
    else groups.push([run])
  }
  return groups.flatMap((group) => {
    const single = group.filter((run, index) => group.findIndex(({ seed }) => seed === run.seed) === index)
    const values = single.map((run) => run.test?.['ndcg@100'].mean ?? 0)
    if (new Set(values).size < 2) return []
    const { mean, se } = meanAndError(values)
    return [{ runs: single.map(({ id }) => id), mean, se }]
  })
}
