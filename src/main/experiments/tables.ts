import { badInput, type ErrorShape } from '../../shared/errors'
import type { ExperimentTable, System, TableCell, TableRow } from '../../shared/experiments'
import {
  targetMetricNames,
  type HeldOutSet,
  type Metric,
  type SegmentName,
  type TargetMetricName,
  type TestMetricName,
} from '../../shared/metrics'
import type { RunId } from '../../shared/ids'
import { sameProtocol, type MeasuredBy } from '../../shared/protocol'
import type { Run } from '../../shared/runs'
import { modelOf } from '../models/registry'
import { meanAndError } from '../numeric/statistics'
import type { Store, StoredExperiment } from '../store/store'
import { notesOf, significanceOf } from './table-notes'
import { marksOf, type PerUser } from './marks'
import { expand, settingsOf, type Planned, type Setting } from './plan'
import { failureOf } from './progress'
import { publishedFor } from './published'
import { recipeTitles } from './recipes'

/** A planned run that has finished. */
interface Finished {
  readonly planned: Planned
  readonly run: Run
}

/** A planned run that failed or could not be started. */
interface Failed {
  readonly planned: Planned
  readonly run: RunId | null
  readonly error: ErrorShape
}

interface RowRuns {
  readonly key: string
  readonly system: System
  readonly label: string
  readonly finished: readonly Finished[]
  readonly failed: readonly Failed[]
  readonly missing: number
  /** How many systems the row was chosen from. */
  readonly competing: number
}

/** What a table shows. */
export interface TableFigures {
  /** Columns, in order. */
  readonly metrics: readonly TestMetricName[]
  readonly heldOut: HeldOutSet
  /** Only these test users, or targets among these items; null: all. */
  readonly segment: SegmentName | null
}

/**
 * The tables of an experiment, one per data set and protocol, from the per-user values in the store. Settings whose data set was deleted
 * are left out. Throws BAD_INPUT for a segment of the validation users, who are measured only as a whole.
 */
export async function tablesOf(
  store: Store,
  experiment: StoredExperiment,
  wanted: TableFigures,
): Promise<ExperimentTable[]> {
  if (wanted.heldOut === 'validation' && wanted.segment !== null)
    throw badInput('Validation users are measured only as a whole, not by segment.', 'Remove the segment.')
  const runs = new Map(store.runs.list(null).map((run) => [run.id, run]))
  const all = expand(experiment.recipe)
  const planned: Planned[] = []
  const finished: Finished[] = []
  const failed: Failed[] = []
  for (const trial of experiment.trials) {
    const own = all[trial.position]
    if (!own) continue
    planned.push(own)
    const run = trial.run === null ? null : (runs.get(trial.run) ?? null)
    if (run?.status.state === 'finished') finished.push({ planned: own, run })
    const error = failureOf(trial, run)
    if (error) failed.push({ planned: own, run: run?.id ?? null, error })
  }
  const tables: ExperimentTable[] = []
  const shown: MeasuredBy[] = []
  for (const setting of settingsOf(experiment.recipe)) {
    const here = planned.filter((trial) => isOf(setting, trial))
    if (here.length === 0) continue
    // If one of several data sets has no values, thresholds that differ on the others have the same effect on it.
    const measured = { ...setting, valueKind: store.datasets.get(setting.dataset).valueKind }
    if (shown.some((other) => sameProtocol(other, measured))) continue
    shown.push(measured)
    const there = finished.filter((one) => isOf(setting, one.planned))
    const broken = failed.filter((one) => isOf(setting, one.planned))
    tables.push(await tableOf(store, experiment, setting, rowsOf(here, there, broken), there, wanted))
  }
  return tables
}

const isOf = (setting: Setting, trial: Planned): boolean =>
  trial.dataset === setting.dataset && trial.preparation === setting.preparation && trial.split === setting.split

/** Rows in the order of the systems; of the systems that compete for a row, the best by validation. */
function rowsOf(planned: readonly Planned[], finished: readonly Finished[], failed: readonly Failed[]): RowRuns[] {
  const systems = [...new Set(planned.map(({ system }) => system))]
  const keys = [...new Set(systems.map(({ row }) => row).filter((row) => row !== null))]
  return keys.flatMap((key) => {
    const competing = systems
      .filter(({ row }) => row === key)
      .map((system) => ({ system, finished: finished.filter((one) => one.planned.system === system) }))
    const [chosen] = [...competing].sort((a, b) => validation(b.finished) - validation(a.finished))
    if (!chosen) return []
    const wanted = planned.filter(({ system }) => system.row === key).length
    const got = competing.reduce((sum, one) => sum + one.finished.length, 0)
    const broken = failed.filter((one) => one.planned.system.row === key)
    // Before one of them has finished, the row has the name of the model.
    const open = competing.length > 1 && got === 0
    const { label: own, model, note } = chosen.system
    const label = open ? modelOf(model).name : note === null ? own : `${own} (${note})`
    const missing = wanted - got - broken.length
    return [{ key, ...chosen, label, failed: broken, missing, competing: competing.length }]
  })
}

function validation(finished: readonly Finished[]): number {
  if (finished.length === 0) return -1
  return finished.reduce((sum, { run }) => sum + (run.validation?.['ndcg@100'].mean ?? 0), 0) / finished.length
}

/** The results of a run. */
const measured = (runs: readonly Finished[], metric: TestMetricName, figures: FiguresOf): Metric[] =>
  runs.flatMap(({ run }) => figures(run)?.[metric] ?? [])

/** A run's results for validation or test users, or for a test segment. */
type FiguresOf = (run: Run) => Partial<Record<TestMetricName, Metric | undefined>> | null

/** The list of runs does not have segments; they are read once per run, not for every column. */
function figuresOf(store: Store, { heldOut, segment }: TableFigures): FiguresOf {
  if (segment === null) return (run) => run[heldOut]
  const read = new Map<number, ReturnType<FiguresOf>>()
  return (run) => {
    const known = read.get(run.id)
    if (known !== undefined) return known
    const figures = store.runs.get(run.id).segments.find(({ name }) => name === segment)?.metrics ?? null
    read.set(run.id, figures)
    return figures
  }
}

/** Each user's mean over the runs, by the data set's user index; null if a run has no such values. */
function perUser(
  store: Store,
  runs: readonly Finished[],
  metric: TargetMetricName,
  heldOut: HeldOutSet,
): PerUser | null {
  const sums = new Map<number, number>()
  for (const { run } of runs) {
    const values = store.runs.userMetric(run.id, heldOut, metric)
    const split = store.runs.split(run.id)
    if (values === null || split === null) return null
    const users = heldOut === 'test' ? split.testUsers : split.validationUsers
    users.forEach((user, index) => sums.set(user, (sums.get(user) ?? 0) + (values[index] ?? 0) / runs.length))
  }
  return sums.size === 0 ? null : sums
}

/** Standard error of the mean over the runs of several seeds. */
function seedError(runs: readonly Finished[], metric: TestMetricName, figures: FiguresOf): number | null {
  const means = measured(runs, metric, figures).map(({ mean }) => mean)
  return means.length < 2 ? null : meanAndError(means).se
}

type Column = (TableCell | null)[]

async function column(
  store: Store,
  rows: readonly RowRuns[],
  metric: TargetMetricName,
  heldOut: HeldOutSet,
  figures: FiguresOf,
): Promise<Column> {
  const values = rows.map((row) => perUser(store, row.finished, metric, heldOut))
  const marks = await marksOf(values)
  return rows.map((row, index) => {
    const own = values[index]
    const mark = marks[index]
    if (!own || !mark) return null
    return { ...meanAndError([...own.values()]), seedSe: seedError(row.finished, metric, figures), ...mark }
  })
}

/** Values that are not compared by user (catalogue metrics, segments): means over the runs. */
const unmarked = (rows: readonly RowRuns[], metric: TestMetricName, figures: FiguresOf): Column =>
  rows.map((row) => {
    const values = measured(row.finished, metric, figures)
    const [first] = values
    if (!first) return null
    const mean = values.reduce((sum, value) => sum + value.mean, 0) / values.length
    const errors = values.map(({ se }) => se).filter((se) => se !== null)
    // If a run has no error, neither has the mean.
    const se = errors.length < values.length ? null : errors.reduce((sum, error) => sum + error, 0) / values.length
    const seedSe = seedError(row.finished, metric, figures)
    return { mean, se, users: first.users, seedSe, best: false, tied: false, p: null }
  })

/** Mean seconds of a row's runs; the times of an ensemble's members are added, because it needs them. */
function secondsOf(row: RowRuns, all: readonly Finished[]): number | null {
  if (row.finished.length === 0) return null
  const own = ({ run, planned }: Finished): number =>
    planned.members.reduce((sum, position) => {
      const member = all.find((other) => other.planned.position === position)
      return sum + (member ? own(member) : 0)
    }, run.seconds ?? 0)
  return row.finished.reduce((sum, one) => sum + own(one), 0) / row.finished.length
}

async function tableOf(
  store: Store,
  { recipe, name }: StoredExperiment,
  setting: Setting,
  rows: readonly RowRuns[],
  finished: readonly Finished[],
  wanted: TableFigures,
): Promise<ExperimentTable> {
  const { metrics, heldOut, segment } = wanted
  const figures = figuresOf(store, wanted)
  const dataset = store.datasets.get(setting.dataset)
  const published = heldOut === 'test' && segment === null ? publishedFor(dataset) : null
  const columns = new Map<TestMetricName, Column>()
  for (const metric of metrics) {
    const ranked = segment === null ? targetMetricNames.find((name) => name === metric) : undefined
    columns.set(metric, ranked ? await column(store, rows, ranked, heldOut, figures) : unmarked(rows, metric, figures))
  }
  const cellsOf = (index: number): TableRow['cells'] =>
    Object.fromEntries(
      metrics.flatMap((metric) => {
        const cell = columns.get(metric)?.[index]
        return cell ? [[metric, cell] as const] : []
      }),
    )
  const table = {
    title: recipe.kind === 'custom' || recipe.kind === 'search' ? name : recipeTitles[recipe.kind],
    dataset: dataset.id,
    datasetName: dataset.name,
    datasetVersion: dataset.version,
    valueKind: dataset.valueKind,
    preparation: setting.preparation,
    split: setting.split,
    heldOut,
    segment,
    metrics: [...metrics],
    users: Math.max(0, ...[...columns.values()].flat().map((cell) => cell?.users ?? 0)),
    seeds: [...recipe.seeds],
    rows: rows.map((row, index) => ({
      key: row.key,
      label: row.label,
      model: row.system.model,
      preset: row.system.preset,
      overrides: row.system.overrides,
      runs: row.finished.map(({ run }) => run.id),
      missing: row.missing,
      failed: row.failed.map(({ planned, run, error }) => ({
        label: planned.system.label,
        seed: planned.seed,
        run,
        error,
      })),
      combined: row.finished.flatMap(({ run: { id } }) => {
        const { members } = store.runs.get(id)
        return members === null ? [] : [{ run: id, members }]
      }),
      cells: cellsOf(index),
      seconds: secondsOf(row, finished),
      published: published?.rows[row.key] ?? {},
    })),
    published: published && { shape: published.shape, citation: published.citation },
  }
  const [one] = finished
  const summary = one ? store.runs.get(one.run.id).splitSummary : null
  const chosen = rows.filter(({ competing }) => competing > 1).map(({ system }) => modelOf(system.model).name)
  return { ...table, significance: significanceOf(table), notes: notesOf(table, summary, chosen) }
}
