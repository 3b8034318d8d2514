import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ComparedFigure, Comparison, ComparisonRequest } from '../../shared/comparisons'
import { badInput } from '../../shared/errors'
import { enumerated, formatCounted, formatMetric, formatP, formatSigned } from '../../shared/format'
import type { RunId } from '../../shared/ids'
import { fewestForError, fewestMeasured } from '../../shared/measured-users'
import { targetMetricNames, testMetricNames, type Segment } from '../../shared/metrics'
import { protocolCells, protocolKeys, protocolLabel, sameProtocol } from '../../shared/protocol'
import { runTitle } from '../../shared/run-title'
import type { Run } from '../../shared/runs'
import { describeModels } from '../models/registry'
import { holm } from '../numeric/holm'
import { pairedPermutation } from '../numeric/paired-permutation'
import { seededRandom } from '../numeric/random'
import { intervalOfMean, meanAndError } from '../numeric/statistics'
import type { Store } from '../store/store'
import { level, roundsFor } from './marks'
import { overSeeds } from './over-seeds'
import { pairedUsers, type PairedValues } from './paired-users'

/**
 * Compares runs with a baseline: the settings in which they differ, test metrics with the mean paired difference, its 95 % interval and a paired
 * permutation test (corrected by Holm over the runs, for each metric), and wins and losses of users. Runs of another protocol keep their figures
 * but are not compared. Yields to the event loop between tests. Throws NOT_FOUND, and BAD_INPUT if the baseline is none of the runs.
 */
export async function compareRuns(store: Store, request: ComparisonRequest, signal?: AbortSignal): Promise<Comparison> {
  const runs = store.runs.summaries(request.runs)
  const baseline = runs.find(({ id }) => id === (request.baseline ?? request.runs[0]))
  if (!baseline)
    throw badInput(
      `Run ${request.baseline ?? ''} is not among the compared runs.`,
      'Choose the baseline from the runs that are compared.',
    )
  const comparable = runs.map((run) => run.test !== null && baseline.test !== null && sameProtocol(baseline, run))
  const read = pairedUsers(store)
  const figures: Comparison['figures'] = []
  for (const metric of testMetricNames) {
    if (runs.every((run) => run.test?.[metric] === undefined)) continue
    const byUser = targetMetricNames.find((name) => name === metric)
    const tested = byUser
      ? await testsOf(runs, baseline, comparable, request.tests, (run) => read(run.id, baseline.id, byUser), signal)
      : null
    figures.push({
      metric,
      cells: runs.map((run, index): ComparedFigure | null => {
        const figure = run.test?.[metric]
        return figure ? { ...figure, difference: null, p: null, ...tested?.[index] } : null
      }),
    })
  }
  const winsOf = winsAgainst(store, baseline, read)
  return {
    baseline: baseline.id,
    runs,
    comparable,
    settings: differingSettings(runs),
    figures,
    users: runs.map((run, index) => (run.id === baseline.id || comparable[index] !== true ? [] : winsOf(run))),
    seeds: overSeeds(runs),
    tested: request.tests,
    summary: summaryOf(runs, baseline, figures, request.tests),
    warnings: warningsOf(runs, baseline, comparable),
  }
}

/** Test ndcg@100 of the users whom both runs measured. */
export function valuesOfBoth(store: Store, a: RunId, b: RunId): { a: number[]; b: number[] } {
  if (!sameProtocol(store.runs.get(a), store.runs.get(b)))
    throw badInput(
      `Runs ${a} and ${b} were measured under different protocols, so their users do not compare.`,
      'Choose two runs with the same data, preparation and split.',
    )
  const { values, others } = pairedUsers(store)(a, b, 'ndcg@100')
  return { a: [...values], b: [...others] }
}

/** Difference and, if they are tested, p of each run against the baseline, for one metric. */
async function testsOf(
  runs: readonly Run[],
  baseline: Run,
  comparable: readonly boolean[],
  tests: boolean,
  valuesOf: (run: Run) => PairedValues,
  signal: AbortSignal | undefined,
): Promise<(Pick<ComparedFigure, 'difference' | 'p'> | null)[]> {
  const found: (Pick<ComparedFigure, 'difference' | 'p'> | null)[] = []
  for (const [index, run] of runs.entries()) {
    const pairs = run.id === baseline.id || comparable[index] !== true ? null : valuesOf(run)
    if (!pairs || pairs.users.length < fewestForError) {
      found.push(null)
      continue
    }
    const { values, others } = pairs
    const differences = values.map((value, at) => value - (others[at] ?? 0))
    const interval = intervalOfMean(differences)
    found.push({
      difference: { mean: meanAndError(differences).mean, low: interval?.low ?? null, high: interval?.high ?? null },
      p: tests
        ? pairedPermutation(values, others, {
            rounds: roundsFor(values.length),
            random: seededRandom(1).fork(`run ${run.id}`),
          })
        : null,
    })
    if (tests) await nextTurn()
    // Nobody waits for it any more, or the library has been closed.
    signal?.throwIfAborted()
  }
  const corrected = holm(found.flatMap((test) => test?.p ?? []))
  let next = 0
  return found.map((test) => (test?.p == null ? test : { ...test, p: corrected[next++] ?? null }))
}

type Wins = Comparison['users'][number]

/** Counts the users who get a higher or lower ndcg@100 from a run than from the baseline: all, and by segments of their activity. */
function winsAgainst(store: Store, baseline: Run, read: ReturnType<typeof pairedUsers>): (run: Run) => Wins {
  const split = store.runs.split(baseline.id)
  const offsets = split?.test?.foldIn.offsets
  /** Items of each user that the model saw, by which the segments divide the users. */
  const seen = new Map<number, number>()
  split?.testUsers.forEach((user, row) => seen.set(user, (offsets?.[row + 1] ?? 0) - (offsets?.[row] ?? 0)))
  const segments = offsets ? store.runs.get(baseline.id).segments.filter(({ by }) => by === 'user-activity') : []
  return (run) => {
    const { users, values, others } = read(run.id, baseline.id, 'ndcg@100')
    const count = (segment: Segment | null): Wins[number] => {
      const counts = { wins: 0, losses: 0, ties: 0 }
      users.forEach((user, row) => {
        const size = seen.get(user) ?? -1
        if (segment && (size < segment.low || size > segment.high)) return
        const difference = (values[row] ?? 0) - (others[row] ?? 0)
        counts[difference > 0 ? 'wins' : difference < 0 ? 'losses' : 'ties']++
      })
      return { segment: segment?.name ?? null, ...counts }
    }
    return [count(null), ...segments.map(count)]
  }
}

function differingSettings(runs: readonly Run[]): Comparison['settings'] {
  const rows: Comparison['settings'] = []
  const add = (key: string, label: string, values: Comparison['settings'][number]['values']): void => {
    if (new Set(values.map((value) => JSON.stringify(value))).size > 1) rows.push({ key, label, values })
  }
  const models = describeModels()
  add(
    'model',
    'Model',
    runs.map(({ model }) => models.find(({ kind }) => kind === model)?.name ?? model),
  )
  add(
    'preset',
    'Preset',
    runs.map(({ preset }) => preset),
  )
  const fields = new Map(
    models.flatMap((model) => model.fields.map((field): [string, string] => [field.key, field.label])),
  )
  for (const key of new Set(runs.flatMap(({ config }) => Object.keys(config))))
    add(
      key,
      fields.get(key) ?? key,
      runs.map(({ config }) => config[key] ?? null),
    )
  add(
    'seed',
    'Seed',
    runs.map(({ seed }) => seed),
  )
  add(
    'data',
    'Data set',
    runs.map((run) => `${run.datasetName}, version ${run.datasetVersion}`),
  )
  const protocols = runs.map((run) => protocolCells(run, run.valueKind))
  for (const key of protocolKeys)
    add(
      key,
      protocolLabel(key),
      protocols.map((cells) => cells[key]),
    )
  return rows
}

/** What can be said of the best run against the baseline by ndcg@100. */
function summaryOf(runs: readonly Run[], baseline: Run, figures: Comparison['figures'], isTested: boolean): string[] {
  const cells = figures.find(({ metric }) => metric === 'ndcg@100')?.cells ?? []
  const tested = runs.flatMap((run, index) => {
    const cell = cells[index]
    return cell?.difference ? [{ run, cell, difference: cell.difference }] : []
  })
  const best = tested.reduce<(typeof tested)[number] | null>(
    (a, b) => (a === null || b.difference.mean > a.difference.mean ? b : a),
    null,
  )
  if (!best) return []
  const { run, cell, difference } = best
  const interval =
    difference.low === null || difference.high === null
      ? ''
      : `, 95 % interval ${formatSigned(difference.low)} to ${formatSigned(difference.high)}`
  const verdict =
    cell.users < fewestMeasured
      ? `With ${formatCounted(cell.users, 'user')} nothing can be said of whether they differ.`
      : !isTested
        ? ''
        : (cell.p ?? 1) < level
          ? 'The difference is significant.'
          : 'The difference is not significant: it may be chance.'
  return [
    `By ndcg@100, the best of the others is ${runTitle(run)}: ${formatMetric(cell.mean)} against ${formatMetric(baseline.test?.['ndcg@100'].mean ?? 0)} of ${runTitle(baseline)} (${formatSigned(difference.mean)}${interval}${cell.p === null ? '' : `, corrected ${formatP(cell.p)}`}). ${verdict}`.trim(),
  ]
}

/** Which runs do not compare with the baseline, and why. */
function warningsOf(runs: readonly Run[], baseline: Run, comparable: readonly boolean[]): string[] {
  const sentences: string[] = []
  const unmeasured = runs.filter((run) => run.test === null)
  if (unmeasured.length > 0)
    sentences.push(
      `${enumerated(unmeasured.map(runTitle))} ${unmeasured.length === 1 ? 'has' : 'have'} no test figures yet.`,
    )
  const other = runs.filter((run, index) => run.test !== null && comparable[index] !== true)
  if (other.length > 0 && baseline.test !== null)
    sentences.push(
      `${enumerated(other.map(runTitle))} ${other.length === 1 ? 'was' : 'were'} measured under another protocol than the baseline, so ${other.length === 1 ? 'its figures do' : 'their figures do'} not compare with it.`,
    )
  return sentences
}
