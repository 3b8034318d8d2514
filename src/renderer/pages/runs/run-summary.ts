import type { Comparison } from '../../../shared/comparisons'
import { enumerated, formatCounted, formatError, formatMetric, formatP, formatSigned } from '../../../shared/format'
import { fewestMeasured } from '../../../shared/measured-users'
import { runTitle } from '../../../shared/run-title'
import type { Run, RunDetail } from '../../../shared/runs'

/** From this corrected p on, a difference may be chance. */
const LEVEL = 0.05

/** The runs that a run is held against in words: the best and the worst of the others under its protocol. */
export function heldAgainst(run: Run, comparable: readonly Run[]): Run[] {
  const others = comparable.filter(({ id }) => id !== run.id)
  const [best, worst] = [others[0], others.at(-1)]
  return [...new Set([best, worst])].filter((one) => one !== undefined)
}

/**
 * What a run is good at, against what, and how sure that is: one sentence each, for people who do not read tables.
 *
 * @param comparison the run as the baseline, with those that it is held against; null: there are none, or they are not compared yet
 */
export function runSummary(run: RunDetail, comparison: Comparison | null): string[] {
  const own = run.test?.['ndcg@100']
  if (!own) return []
  const begin = `On a scale on which a perfect list of 100 items has 1, this run’s lists have ${formatMetric(own.mean)} ± ${formatError(own.se)} (NDCG@100, mean of ${formatCounted(own.users, 'test user')}).`
  if (own.users < fewestMeasured)
    return [begin, `That are fewer than ${fewestMeasured} users: for others, it may be very different.`]
  return [begin, ...(comparison ? againstOthers(run, comparison) : []), ...strengths(run)]
}

function againstOthers(run: RunDetail, { runs, figures }: Comparison): string[] {
  const cells = figures.find(({ metric }) => metric === 'ndcg@100')?.cells ?? []
  const others = runs.flatMap((other, index) => {
    const cell = cells[index]
    return other.id !== run.id && cell?.difference ? [{ other, difference: -cell.difference.mean, p: cell.p }] : []
  })
  return others.map(({ other, difference, p }) => {
    const tested = p === null ? '' : ` (${formatP(p)})`
    if (p !== null && p >= LEVEL)
      return `It can hardly be told from ${runTitle(other)}: the difference of ${formatSigned(difference)}${tested} may be chance.`
    return `It is ${p === null ? '' : 'clearly '}${difference > 0 ? 'better' : 'worse'} than ${runTitle(other)}, by ${formatMetric(Math.abs(difference))}${tested}.`
  })
}

const kinds = { 'user-activity': 'users', 'item-popularity': 'items' } as const

/** The segments of users and of items that it serves best and worst, where enough users were measured. */
function strengths({ segments }: RunDetail): string[] {
  const parts = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((by) => {
    const known = segments
      .flatMap(({ by: own, name, metrics }) => {
        const figure = metrics['ndcg@100']
        return own === by && figure && figure.users >= fewestMeasured ? [{ name, mean: figure.mean }] : []
      })
      .sort((a, b) => b.mean - a.mean)
    const [best, worst] = [known[0], known.at(-1)]
    return best && worst && best !== worst
      ? [
          `${best.name} ${kinds[by]} (${formatMetric(best.mean)}) better than ${worst.name} ones (${formatMetric(worst.mean)})`,
        ]
      : []
  })
  return parts.length === 0 ? [] : [`It serves ${enumerated(parts)}.`]
}
