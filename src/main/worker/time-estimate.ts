import { badInput } from '../../shared/errors'
import type { TimeEstimate } from '../../shared/time-estimate'
import { collectGarbage } from '../compute/collect-garbage'
import { kernelBackend } from '../compute/native-kernels'
import { catalogueItems } from '../datasets/histories'
import { heldOutOf, type HeldOut, type PreparedData } from '../datasets/prepared'
import { evaluate } from '../evaluation/evaluate'
import { measure } from '../evaluation/measure'
import type { Question } from '../jobs/protocol'
import { requireMemory } from '../models/memory-options'
import type { ClosedFormModel, Model, TrainableModel } from '../models/model'
import { configure, modelOf, type ConfiguredModel } from '../models/registry'
import { requireAllocatable } from '../models/tensor-limit'
import { columnCounts, CsrBuilder, rowOf, rowRange, type Csr } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { stepsPerEpoch } from '../training/batches'
import { BatchesAhead } from './batches-ahead'
import { computedWith } from './environment'
import { freeOnDevice } from './free-memory'
import { estimateFromSolutions, estimateFromSteps } from './measured-time'
import { OtherPrograms } from './other-programs'
import { preparedBy } from './run-data'
import type { WorkerContext } from './worker-context'

type Asked = Extract<Question, { kind: 'time' }>

/** Seconds that the steps of all sweeps may take together. */
const MOST_FOR_STEPS = 4
/** The first steps create kernels and bring memory into use. */
const WARM_UP = 3
const LEAST_STEPS = 3
/** Users of a measurement, enough that a batch of them is usual. */
const MEASURED_USERS = 500
/** Number of items of the first solution; each next one has twice as many. */
const FEWEST_ITEMS = 400
/** Seconds that the next, larger solution may be expected to take, if twice the items take this many times as long. */
const MOST_FOR_SOLUTION = 6
const MOST_GROWTH = 6

const seconds = (since: number): number => (performance.now() - since) / 1000

/**
 * Estimates how long a run takes on this machine: prepares its data, draws its weights, and computes a few of its steps, or solves it for fewer items,
 * and ranks for some users. Nothing of it is stored. Throws BAD_INPUT if the data cannot be split, OUT_OF_MEMORY if the run would be refused.
 */
export async function estimateTime(asked: Asked, context: WorkerContext): Promise<TimeEstimate> {
  const begun = performance.now()
  const others = new OtherPrograms()
  const { device } = await computedWith()
  const data = preparedBy(context.store, asked.dataset, asked.preparation, asked.split)
  collectGarbage()
  const configured = configure(modelOf(asked.model), asked.preset, asked.overrides)
  const size = { items: data.catalogue.length, users: data.train.rows }
  const { usable, gpu } = await freeOnDevice(device)
  const run = { model: configured, ...size, interactions: data.summary.trainInteractions }
  requireMemory({ ...run, denseGradients: kernelBackend() === null }, usable, gpu)
  requireAllocatable(configured, size, 'electron' in process.versions)
  const estimated = configured.loop
    ? await ofSteps(configured, data, asked, context)
    : await ofSolutions(configured, data, asked, context)
  return { ...estimated, measured: seconds(begun), others: others.busy, meanwhile: null }
}

async function ofSteps(configured: ConfiguredModel, data: PreparedData, asked: Asked, context: WorkerContext) {
  const { loop } = configured
  const model = await created(configured, data.catalogue.length, asked.seed)
  if (!loop || model.training !== 'gradient') throw new Error(`${asked.model} is not trained by steps`)
  const plan = { batchRows: loop.batchRows, augment: loop.augment }
  const batches = new BatchesAhead(context.batchThread, { train: data.train, plan, seed: asked.seed })
  // Everything until here comes before the first epoch of a training, too.
  const before = process.uptime()
  try {
    const [stage] = loop.stages
    if (!stage)
      throw badInput('The training has no stages.', 'Write a learning rate and a number of epochs, as 1e-4x10.')
    model.beginStage(stage)
    const steps = stepsPerEpoch(data.train.rows, plan)
    const sweeps: { steps: number; times: number[] }[] = []
    for (let sweep = 0; sweep < (model.sweeps ?? 1); sweep++)
      sweeps.push({ steps, times: await stepTimes(model, batches, sweep, MOST_FOR_STEPS / (model.sweeps ?? 1)) })
    model.endStage?.()
    return estimateFromSteps({
      ...{ before, sweeps },
      epochs: loop.stages.reduce((sum, { epochs }) => sum + epochs, 0),
      ...(await measurements(model, data, asked, context)),
      mayStopEarly: loop.patience > 0,
    })
  } finally {
    await batches.close()
    model.dispose()
  }
}

const created = (configured: ConfiguredModel, items: number, seed: number): Promise<Model> =>
  configured.create(items, seededRandom(seed).fork('model'))

/** Seconds of steps of a sweep, each with the wait for its batch. */
async function stepTimes(model: TrainableModel, batches: BatchesAhead, sweep: number, most: number): Promise<number[]> {
  const times: number[] = []
  let [passed, spent] = [0, 0]
  const enough = (): boolean => times.length >= LEAST_STEPS && spent >= most
  // Of few users an epoch has only few steps.
  for (let epoch = 1; !enough() && epoch <= WARM_UP + LEAST_STEPS; epoch++) {
    model.beginSweep?.(epoch, sweep)
    let since = performance.now()
    for await (const batch of batches.batches({ epoch, sweep })) {
      await model.trainStep(batch)
      const time = seconds(since)
      since = performance.now()
      if (++passed <= WARM_UP) continue
      times.push(time)
      spent += time
      if (enough()) break
    }
  }
  return times
}

async function ofSolutions(configured: ConfiguredModel, data: PreparedData, asked: Asked, context: WorkerContext) {
  const items = data.catalogue.length
  const before = process.uptime()
  const popular = byPopularity(data.train)
  // A first solution brings libraries and threads into use.
  const first = await created(configured, Math.min(items, FEWEST_ITEMS), asked.seed)
  await solved(first, 0, withItems(data, popular.subarray(0, FEWEST_ITEMS)).train)
  first.dispose()
  const sizes: { items: number; first: number }[] = []
  for (let count = Math.min(items, FEWEST_ITEMS); ; count = Math.min(items, 2 * count)) {
    const part = count === items ? data : withItems(data, popular.subarray(0, count))
    const model = await created(configured, count, asked.seed)
    try {
      const time = await solved(model, 0, part.train)
      sizes.push({ items: count, first: time })
      // From one size alone, nobody can tell how the time grows.
      const isLast = count === items || (sizes.length > 1 && time * MOST_GROWTH > MOST_FOR_SOLUTION)
      if (!isLast) continue
      const { candidates } = closedForm(model)
      const share = items / count
      const { validation, after } = await measurements(model, part, asked, context)
      return estimateFromSolutions({
        ...{ before, items, sizes, candidates: candidates.length },
        secondToFirst: candidates.length > 1 ? (await solved(model, 1, part.train)) / time : 1,
        // Ranking takes time in proportion to the items.
        ...{ validation: validation * share, after: after * share },
      })
    } finally {
      model.dispose()
    }
  }
}

function closedForm(model: Model): ClosedFormModel {
  if (model.training !== 'closed-form') throw new Error('a model without steps is solved in closed form')
  return model
}

async function solved(model: Model, candidate: number, train: Csr): Promise<number> {
  const since = performance.now()
  await closedForm(model).fit(candidate, train, () => undefined)
  return seconds(since)
}

/** Items from the most to the least popular. */
function byPopularity(train: Csr): Int32Array {
  const counts = columnCounts(train)
  return Int32Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))
}

/** The data of a run with only these items, under new numbers. */
function withItems(data: PreparedData, chosen: Int32Array): PreparedData {
  const items = chosen.toSorted()
  const index = new Int32Array(data.catalogue.length).fill(-1)
  for (const [position, item] of items.entries()) index[item] = position
  const renumbered = (histories: Csr): Csr => {
    const builder = new CsrBuilder(items.length)
    for (let row = 0; row < histories.rows; row++)
      builder.add(
        rowOf(histories, row)
          .map((item) => index[item] ?? -1)
          .filter((item) => item >= 0),
      )
    return builder.finish()
  }
  // Users who have none of these items cannot be measured.
  const heldOut = ({ users, foldIn, targets }: HeldOut): HeldOut => {
    const [shown, wanted] = [renumbered(foldIn), renumbered(targets)]
    const rows = Array.from(users, (user, row) => ({ user, foldIn: rowOf(shown, row), targets: rowOf(wanted, row) }))
    return heldOutOf(rows, items.length)
  }
  return {
    ...data,
    catalogue: items.map((item) => data.catalogue[item] ?? 0),
    train: renumbered(data.train),
    validation: heldOut(data.validation),
    test: heldOut(data.test),
  }
}

/** Seconds of a validation, and of the measurements after the last epoch, from those of some users. */
async function measurements(
  model: Model,
  data: PreparedData,
  { dataset, split }: Asked,
  context: WorkerContext,
): Promise<{ validation: number; after: number }> {
  const quiet = { signal: context.signal, progress: (): void => undefined }
  const denominator = split.recallDenominator
  const facts = {
    trainUsers: data.train.rows,
    trainCounts: columnCounts(data.train),
    genres: catalogueItems(context.store, dataset, data.catalogue).items.map((item) => item.genres),
  }
  const some = someOf(data.validation)
  await evaluate(model, some, quiet, denominator)
  const since = performance.now()
  await evaluate(model, some, quiet, denominator)
  const validation = (seconds(since) * data.validation.users.length) / some.users.length
  const tested = someOf(data.test)
  const testSince = performance.now()
  await measure(model, tested, facts, denominator, quiet)
  const test = (seconds(testSince) * data.test.users.length) / tested.users.length
  return { validation, after: validation + test }
}

function someOf({ users, foldIn, targets }: HeldOut): HeldOut {
  const count = Math.min(users.length, MEASURED_USERS)
  return {
    users: users.subarray(0, count),
    foldIn: rowRange(foldIn, 0, count),
    targets: rowRange(targets, 0, count),
  }
}
