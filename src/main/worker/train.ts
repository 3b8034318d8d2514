import { protocolWarnings } from '../../shared/protocol-warnings'
import type { RunId } from '../../shared/ids'
import type { RunDetail, TrainResult } from '../../shared/runs'
import { collectGarbage } from '../compute/collect-garbage'
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
import { peakMemory } from '../numeric/peak-memory'
import { preparedRun, storedSplit, testDataOf } from './run-data'
import { computedWith } from './environment'
import { freeOnDevice } from './free-memory'
import { whileDiskIsFull } from './full-disk'
import { runCheckpoint } from './checkpoint'
import { combineRuns } from './combine'
import { repeated } from './repetition'
import { runModel } from './run-model'
import { RunStates, setBack, stateBytes } from './run-states'
import { RunTracking } from './tracking'
import { pausedIsCancelled, type WorkerContext } from './worker-context'

/** Validation within training reports no progress: the training loop does. */
const quiet = (context: WorkerContext): Pick<WorkerContext, 'signal' | 'progress'> => ({
  signal: context.signal,
  progress: () => undefined,
})

/**
 * Trains a run by its stored settings: prepares and records the split, stores and reports every epoch, keeps the best epoch's weights on disk, and
 * finally measures validation and test users once with them. A run that was interrupted goes on from its newest state.
 */
export async function runTraining(
  { run: id, keepState }: TrainSpecification,
  context: WorkerContext,
): Promise<TrainResult> {
  const { store } = context
  const started = performance.now()
  const run = store.runs.get(id)
  context.progress({ stage: 'Starting the backend', done: 0, total: null, unit: 'steps' })
  const environment = await computedWith()
  const { device } = environment
  store.runs.started(id, environment)

  context.progress({ stage: 'Preparing the data', done: 0, total: null, unit: 'steps' })
  const data = preparedRun(store, run)
  const split = storedSplit(data)
  store.runs.saveSplit(id, split, data.summary)
  // The memory that preparing the data has used.
  collectGarbage()

  const denominator = run.split.recallDenominator
  // A combination of trained runs is not trained, so its memory is not estimated.
  const configured = run.members ? null : storedModel(run)
  const estimatedBytes = configured && (await estimatedPeak(run.id, configured, data, device, store))
  const model = run.members
    ? await combineRuns(store, run, run.members, data, context)
    : await runModel(store, run, { items: data.catalogue.length, users: data.train.rows })
  // The initial values of the weights, which were drawn in JavaScript.
  collectGarbage()
  const settings = configured?.loop ?? null
  // A combination of trained runs takes moments, and chooses its weights anew.
  const before = run.members ? null : await setBack(store, run, settings !== null)
  const goesOn = before !== null && (before.interrupted !== null || before.flaws.length > 0)
  const epochsBefore = before?.interrupted?.epochs.length ?? 0
  if (goesOn && !isBeginning(run, epochsBefore))
    store.runs.saveContinued(id, epochsBefore, before.flaws.length > 0 ? { flaws: [...before.flaws] } : {})
  const tracking = new RunTracking(store, id, store.settings.read().trackers)
  const keepsState = keepState || store.settings.read().keepStates
  const states = settings && new RunStates(store, id, context, before?.seconds ?? 0, stateBytes(model), keepsState)
  // A training by steps stops once its state is kept.
  const stopped = pausedIsCancelled(context)
  const batches =
    settings &&
    new BatchesAhead(context.batchThread, {
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
        validate: async (candidate) =>
          (await evaluate(candidate, data.validation, quiet(context), denominator)).metrics,
        checkpoint: runCheckpoint(store, store.runs.get(id), model, context),
        async onEpoch(trained) {
          const point = { ...trained, at: new Date().toISOString() }
          await whileDiskIsFull(context, () => store.runs.addEpoch(id, point))
          context.epoch(point)
          tracking.epoch(point)
        },
        stop: context.stop,
        interrupted: before?.interrupted ?? null,
        states,
      },
      states ? context : stopped,
    )
    // A state that is still being written belongs to an unfinished run.
    await states?.close()
    const validation = await evaluate(model, data.validation, stopped, denominator)
    const { heldOut, facts } = testDataOf(store, run, split)
    const test = await measure(model, heldOut, facts, denominator, stopped)
    for (const name of metricNames) store.runs.saveUserMetric(id, 'validation', name, validation.perUser[name])
    for (const [name, values] of test.perUser) store.runs.saveUserMetric(id, 'test', name, values)
    const figures = {
      bestEpoch: outcome.bestEpoch,
      validation: validation.metrics,
      test: test.metrics,
      segments: test.segments,
      seconds: (before?.seconds ?? 0) + (performance.now() - started) / 1000,
      rowsPerSecond: outcome.rowsPerSecond,
      peakBytes: peakMemory(),
      estimatedBytes,
    }
    const { stoppedEarly } = outcome
    const repetition =
      run.repeats && (await repeated(store, store.runs.get(id), run.repeats, { ...figures, stoppedEarly }))
    const warnings = protocolWarnings(data.summary)
    const parameters = [...model.parameters.values()].reduce((sum, variable) => sum + variable.size, 0)
    const result = context.commit((): TrainResult => {
      store.runs.finish(id, { ...figures, parameters, keepsState: keepsState && !stoppedEarly, stoppedEarly })
      if (repetition) store.runs.saveRepetition(id, repetition)
      return { run: id, status: 'finished', ...figures, warnings }
    })
    await tracking.finished()
    return result
  } finally {
    await batches?.close()
    await states?.close()
    await tracking.stopped()
    model.dispose()
  }
}

/** Whether a run that trains another one further begins: then that is what is recorded of it. */
const isBeginning = ({ continued }: RunDetail, epochs: number): boolean =>
  continued.length === 1 && continued[0]?.from !== undefined && continued[0].epochs === epochs

/** Estimates and stores the run's peak memory in bytes. Throws OUT_OF_MEMORY if the device has less. */
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
