import { protocolWarnings } from '../../shared/protocol-warnings'
import type { RunId } from '../../shared/ids'
import type { TrainResult } from '../../shared/runs'
import { loadBackend } from '../compute/backend'
import { kernelBackend } from '../compute/native-kernels'
import type { PreparedData } from '../datasets/prepared'
import { evaluate } from '../evaluation/evaluate'
import { measure } from '../evaluation/measure'
import type { TrainSpecification } from '../jobs/specification'
import { estimateMemory } from '../models/memory-estimate'
import { requireMemory } from '../models/memory-options'
import { storedModel, type ConfiguredModel } from '../models/registry'
import { metricNames } from '../../shared/metrics'
import { train } from '../training/train'
import type { Store } from '../store/store'
import { BatchesAhead } from './batches-ahead'
import { peakMemory } from './peak-memory'
import { preparedRun, storedSplit, testDataOf } from './run-data'
import { freeOnDevice } from './free-memory'
import { runCheckpoint } from './checkpoint'
import { combineRuns } from './combine'
import { runModel } from './run-model'
import type { Workplace } from './workplace'

/** Progress of validation inside training stays quiet: the training loop says where it is. */
const quiet = (place: Workplace): Pick<Workplace, 'signal' | 'progress'> => ({
  signal: place.signal,
  progress: () => undefined,
})

/**
 * Trains the run of the specification as its row says: prepares and records the split, stores and tells every epoch, keeps the best
 * epoch's weights on disk, and at the end scores validation and test users once with them.
 */
export async function runTraining({ run: id }: TrainSpecification, place: Workplace): Promise<TrainResult> {
  const { store } = place
  const started = performance.now()
  const run = store.runs.get(id)
  place.progress({ stage: 'Starting the backend', done: 0, total: null, unit: 'steps' })
  const { name, version, device, threads } = await loadBackend()
  store.runs.started(id, { backend: name, version, device, threads })

  place.progress({ stage: 'Preparing the data', done: 0, total: null, unit: 'steps' })
  const data = preparedRun(store, run)
  const split = storedSplit(data)
  store.runs.saveSplit(id, split, data.summary)
  // Preparing looks at every user; what that has left would otherwise lie between the weights until V8 finds the time.
  globalThis.gc?.()

  const denominator = run.split.recallDenominator
  // A combination of trained runs has no settings of its own: nothing is estimated, nothing trained.
  const configured = run.members ? null : storedModel(run)
  const estimatedBytes = configured && (await estimatedPeak(run.id, configured, data, device, store))
  const model = run.members
    ? await combineRuns(store, run, run.members, data, place)
    : await runModel(store, run, { items: data.catalogue.length, users: data.train.rows })
  // The first values of all weights were drawn in JavaScript.
  globalThis.gc?.()
  const settings = configured?.loop ?? null
  const batches =
    settings &&
    new BatchesAhead(place.batchThread, {
      train: data.train,
      plan: { batchRows: settings.batchRows, augment: settings.augment },
      seed: run.seed,
    })
  try {
    const outcome = await train(
      {
        model,
        train: data.train,
        steps: settings && batches && { settings, batches },
        validate: async (candidate) => (await evaluate(candidate, data.validation, quiet(place), denominator)).metrics,
        checkpoint: runCheckpoint(store, store.runs.get(id), model),
        onEpoch(point) {
          store.runs.addEpoch(id, point)
          place.epoch(point)
        },
      },
      place,
    )
    const validation = await evaluate(model, data.validation, place, denominator)
    const { heldOut, facts } = testDataOf(store, run, split)
    const test = await measure(model, heldOut, facts, denominator, place)
    for (const name of metricNames) store.runs.saveUserMetric(id, 'validation', name, validation.perUser[name])
    for (const [name, values] of test.perUser) store.runs.saveUserMetric(id, 'test', name, values)
    const figures = {
      bestEpoch: outcome.bestEpoch,
      validation: validation.metrics,
      test: test.metrics,
      segments: test.segments,
      seconds: (performance.now() - started) / 1000,
      rowsPerSecond: outcome.rowsPerSecond,
      peakBytes: peakMemory(),
      estimatedBytes,
    }
    const warnings = protocolWarnings(data.summary)
    const parameters = [...model.parameters.values()].reduce((sum, variable) => sum + variable.size, 0)
    return place.commit(() => {
      store.runs.finish(id, { ...figures, parameters })
      return { run: id, status: 'finished', ...figures, warnings }
    })
  } finally {
    await batches?.close()
    model.dispose()
  }
}

/** Bytes that the run will need at its highest, kept with it. Throws OUT_OF_MEMORY where the device has less. */
async function estimatedPeak(
  run: RunId,
  model: ConfiguredModel,
  data: PreparedData,
  device: string,
  store: Store,
): Promise<number> {
  const { items, trainUsers, trainInteractions } = data.summary
  const estimated = {
    model,
    items,
    users: trainUsers,
    interactions: trainInteractions,
    denseGradients: kernelBackend() === null,
  }
  const { peak } = estimateMemory(estimated)
  store.runs.saveEstimate(run, peak)
  const { usable, gpu } = await freeOnDevice(device)
  requireMemory(estimated, usable, gpu)
  return peak
}
