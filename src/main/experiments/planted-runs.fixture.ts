import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExperimentRequest, Subject } from '../../shared/experiments'
import type { DatasetId, RunId } from '../../shared/ids'
import { metricNames, type Metrics, type Segment } from '../../shared/metrics'
import { combinationSettings, defaultPreparation, defaultSplit, type TrainRequest } from '../../shared/runs'
import { configure, modelOf } from '../models/registry'
import { meanAndError } from '../numeric/statistics'
import { openStore } from '../store/open'
import { addSmallDataset } from '../store/small-dataset.fixture'
import type { Store } from '../store/store'

/** A separate library with one data set whose runs finish with given per-user values instead of being trained. */
export interface PlantedLibrary {
  readonly store: Store
  readonly dataset: DatasetId
  remove(): void
}

export function plantedLibrary(): PlantedLibrary {
  const library = mkdtempSync(join(tmpdir(), 'vasp-planted-'))
  const store = openStore(library)
  return {
    store,
    dataset: addSmallDataset(store).id,
    remove() {
      store.close()
      rmSync(library, { recursive: true, force: true })
    },
  }
}

export const requestOf = (
  dataset: DatasetId,
  subject: Subject,
  changes: Partial<ExperimentRequest> = {},
): ExperimentRequest => ({
  name: null,
  subject,
  datasets: [dataset],
  preparations: [defaultPreparation],
  splits: [defaultSplit],
  seeds: [1],
  reuse: true,
  ...changes,
})

/** Stores a run as training would create it. */
export const plantRun = (store: Store, request: TrainRequest): RunId =>
  store.runs.create({
    name: request.name ?? '',
    dataset: request.dataset,
    model: request.model,
    preset: request.preset,
    config: request.members
      ? combinationSettings.parse(request.overrides)
      : configure(modelOf(request.model), request.preset, request.overrides).config,
    seed: request.seed,
    preparation: request.preparation,
    split: request.split,
    members:
      request.members?.map((id) => {
        const { name, model, config } = store.runs.get(id)
        return { run: id, name, model, config, weight: 1, calibration: null, problem: null }
      }) ?? null,
  }).id

/** Finishes a run with the same values for every metric, on test and validation users alike; users are 10, 11, … */
export function finishRun(
  store: Store,
  run: RunId,
  values: readonly number[],
  seconds = 1,
  segments: Segment[] = [],
): void {
  const perUser = Float32Array.from(values)
  const metric = meanAndError(perUser)
  const metrics: Metrics = { 'ndcg@100': metric, 'recall@20': metric, 'recall@50': metric }
  const users = Int32Array.from(values, (_, index) => 10 + index)
  store.runs.saveSplit(
    run,
    {
      catalogue: Int32Array.of(0),
      trainUsers: Int32Array.of(0),
      validationUsers: users,
      testUsers: users,
      trainCounts: null,
      validation: null,
      test: null,
    },
    {
      items: 1,
      trainUsers: 1,
      validationUsers: values.length,
      testUsers: values.length,
      trainInteractions: 1,
      droppedUsers: 0,
      filters: [],
      validationFrom: null,
      recallDenominator: 'min(k, |R|)',
    },
  )
  for (const name of metricNames) {
    store.runs.saveUserMetric(run, 'test', name, perUser)
    store.runs.saveUserMetric(run, 'validation', name, perUser)
  }
  store.runs.saveCheckpoint(run, { path: `weights/run-${run}.safetensors`, sha256: 'a', bytes: 1, epoch: 1 })
  store.runs.finish(run, {
    bestEpoch: 1,
    validation: metrics,
    test: metrics,
    segments,
    seconds,
    rowsPerSecond: 1,
    peakBytes: 1,
    parameters: 1,
  })
}
