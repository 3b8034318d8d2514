import type { ErrorShape } from '../../shared/errors'
import type { Experiment, ExperimentDetail, PlannedRun } from '../../shared/experiments'
import type { DatasetId, JobId, RunId } from '../../shared/ids'
import { isOpen } from '../../shared/jobs'
import type { Run } from '../../shared/runs'
import type { Store, StoredExperiment, StoredTrial } from '../store/store'
import { expand, type Planned } from './plan'

/** What is read once for many experiments. */
interface Library {
  readonly runs: ReadonlyMap<RunId, Run>
  readonly datasets: ReadonlyMap<DatasetId, string>
}

const libraryOf = (store: Store): Library => ({
  runs: new Map(store.runs.list(null).map((run) => [run.id, run])),
  datasets: new Map(store.datasets.list().map(({ id, name }) => [id, name])),
})

/** Why a planned run failed or could not be started; null if it did not. */
export function failureOf(trial: StoredTrial, run: Run | null): ErrorShape | null {
  if (run === null) return trial.error
  return run.status.state === 'failed' ? run.status.error : null
}

function plannedRun(trial: StoredTrial, planned: Planned, { runs }: Library): PlannedRun {
  const run = trial.run === null ? null : (runs.get(trial.run) ?? null)
  return {
    position: trial.position,
    system: planned.system.key,
    label: planned.system.label,
    dataset: planned.dataset,
    preparation: planned.preparation,
    split: planned.split,
    seed: planned.seed,
    run: run?.id ?? null,
    state: run?.status.state ?? (trial.error === null ? 'waiting' : 'failed'),
    reused: trial.reused,
    error: failureOf(trial, run),
    seconds: run?.seconds ?? null,
  }
}

function plannedRuns(stored: StoredExperiment, library: Library): PlannedRun[] {
  const planned = expand(stored.recipe)
  return stored.trials.flatMap((trial) => {
    const there = planned[trial.position]
    return there ? [plannedRun(trial, there, library)] : []
  })
}

/** Estimated seconds for the remaining runs, from the mean time of the finished runs of the same system, or of all systems. */
function secondsLeft(runs: readonly PlannedRun[]): number | null {
  const mean = (of: readonly PlannedRun[]): number | null =>
    of.length === 0 ? null : of.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) / of.length
  const finished = runs.filter(({ state }) => state === 'finished')
  const usual = mean(finished)
  if (usual === null) return null
  const open = runs.filter(({ state }) => state === 'waiting' || isOpen({ state }))
  return open.reduce(
    (sum, run) =>
      sum + (mean(finished.filter(({ system, dataset }) => system === run.system && dataset === run.dataset)) ?? usual),
    0,
  )
}

function jobOf(runs: readonly PlannedRun[], library: Library): JobId | null {
  const busy =
    runs.find(({ state }) => state === 'running') ?? runs.find(({ state }) => state === 'queued' || state === 'paused')
  const run = busy?.run ?? null
  return run === null ? null : (library.runs.get(run)?.job ?? null)
}

function summary(stored: StoredExperiment, runs: readonly PlannedRun[], library: Library): Experiment {
  const count = (state: PlannedRun['state']): number => runs.filter((run) => run.state === state).length
  const finished = count('finished')
  return {
    id: stored.id,
    name: stored.name,
    kind: stored.recipe.kind,
    datasets: stored.recipe.datasets.flatMap((id) => {
      const name = library.datasets.get(id)
      return name === undefined ? [] : [{ id, name }]
    }),
    state: stored.owned ? 'running' : finished === runs.length ? 'finished' : 'stopped',
    total: runs.length,
    finished,
    reused: runs.filter((run) => run.reused && run.state === 'finished').length,
    failed: count('failed'),
    job: stored.owned ? jobOf(runs, library) : null,
    secondsLeft: stored.owned ? secondsLeft(runs) : null,
    createdAt: stored.createdAt,
  }
}

/** Every experiment with its progress, newest first. */
export function listExperiments(store: Store): Experiment[] {
  const library = libraryOf(store)
  return store.experiments.list().map((stored) => summary(stored, plannedRuns(stored, library), library))
}

/** An experiment with all its planned runs. */
export function experimentDetail(store: Store, stored: StoredExperiment): ExperimentDetail {
  const library = libraryOf(store)
  const runs = plannedRuns(stored, library)
  return { ...summary(stored, runs, library), recipe: stored.recipe, runs }
}
