import * as tf from '@tensorflow/tfjs-core'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { computePaths, useComputePath } from '../../../test/fixtures/compute-paths'
import { narrow, variantsOf } from '../../../test/fixtures/variants'
import type { ModelConfig, ModelKind } from '../../shared/models'
import type { EpochPoint } from '../../shared/runs'
import { trainingPosition, type TrainingPosition } from '../../shared/training-position'
import { probeBackends } from '../compute/backend'
import type { Model, NamedParameters } from '../models/model'
import { configure, modelOf, models } from '../models/registry'
import type { LoopSettings } from '../models/settings/keys'
import { csrFromRows, type Csr } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { metricsOf } from './counting-trial.fixture'
import type { Interrupted, StateKeeper } from './position'
import { batchesOnDemand, trainingRandom } from './sweep'
import { train } from './train'

const ITEMS = 30
const histories: Csr = csrFromRows(
  Array.from({ length: 12 }, (_, user) =>
    Int32Array.from({ length: 7 }, (_, i) => (user * 3 + i * (1 + (user % 4))) % ITEMS).filter(
      (item, i, all) => all.indexOf(item) === i,
    ),
  ),
  ITEMS,
)
const loop: LoopSettings = {
  stages: [
    { learningRate: 0.01, epochs: 3 },
    { learningRate: 0.001, epochs: 2 },
  ],
  batchRows: 8,
  accumulate: 1,
  augment: true,
  patience: 2,
  continueFrom: 'best',
  optimiser: 'adam',
}
/** The best epochs are the first of each stage: the second stage begins with weights that are not the last ones. */
const ndcgs = [0.3, 0.2, 0.1, 0.4, 0.2]

beforeAll(probeBackends)

/** Copies of tensors, as a file holds them. */
type Copies = ReadonlyMap<string, Float32Array>

async function copied(tensors: NamedParameters): Promise<Copies> {
  const copies = new Map<string, Float32Array>()
  for (const [name, parameter] of tensors) copies.set(name, await parameter.data())
  return copies
}

function loaded(copies: Copies, tensors: NamedParameters): Promise<void> {
  expect([...tensors.keys()]).toEqual([...copies.keys()])
  for (const [name, parameter] of tensors) {
    // A copy of the copy, because training changes loaded values in place.
    parameter.load(tf.tensor((copies.get(name) ?? new Float32Array()).slice(), parameter.shape))
  }
  return Promise.resolve()
}

function hashOf(copies: Copies): string {
  const hash = createHash('sha256')
  for (const [name, values] of copies) hash.update(name).update(new Uint8Array(values.buffer))
  return hash.digest('hex')
}

interface Kept {
  readonly position: TrainingPosition
  readonly tensors: Copies
  /** The weights of the best epoch at that time, and the epochs that were reported. */
  readonly best: Copies | null
  readonly epochs: readonly EpochPoint[]
}

interface Outcome {
  readonly weights: string
  readonly epochs: readonly EpochPoint[]
  readonly kept: readonly Kept[]
}

const withoutTimes = (epochs: readonly EpochPoint[]) =>
  epochs.map(({ seconds: _s, rowsPerSecond: _r, ...point }) => point)

/** Trains to the end, from the start or from a kept state; keeps states after random steps and epochs if `keeping`. */
async function trained(
  kind: ModelKind,
  config: ModelConfig,
  changes: Partial<LoopSettings>,
  from: Kept | null,
  keeping: boolean,
): Promise<Outcome> {
  const settings = { ...loop, ...changes }
  const model = await configure(modelOf(kind), null, config).create(ITEMS, seededRandom(5).fork('model'))
  const epochs: EpochPoint[] = [...(from?.epochs ?? [])]
  const kept: Kept[] = []
  let best = from?.best ?? null
  const draws = seededRandom(settings.batchRows + settings.patience)
  const states: StateKeeper = {
    due: (at) => keeping && draws.uniform() < (at === 'step' ? 0.15 : 0.5),
    async keep(position, tensors) {
      kept.push({
        // As it is read from the library.
        position: trainingPosition.parse(JSON.parse(JSON.stringify(position))),
        tensors: await copied(tensors),
        best,
        epochs: [...epochs],
      })
    },
  }
  const interrupted: Interrupted | null = from && {
    epochs: from.epochs,
    state: { position: from.position, load: (tensors: NamedParameters) => loaded(from.tensors, tensors) },
  }
  try {
    await train(
      {
        model,
        train: histories,
        steps:
          model.training === 'gradient'
            ? { settings, batches: batchesOnDemand(histories, settings, trainingRandom(5)) }
            : null,
        validate: () => Promise.resolve(metricsOf(ndcgs[epochs.length] ?? 0)),
        checkpoint: {
          async save() {
            best = await copied(model.parameters)
          },
          async restoreBest() {
            if (best === null) throw new Error('no best epoch was saved')
            await loaded(best, model.parameters)
          },
        },
        onEpoch: (point) => void epochs.push(point),
        interrupted,
        states,
      },
      { signal: new AbortController().signal, progress: () => undefined },
    )
    return { weights: hashOf(await copied(model.parameters)), epochs, kept }
  } finally {
    model.dispose()
  }
}

const cases = models
  .filter(({ training }) => training === 'gradient')
  .flatMap((definition) =>
    variantsOf(definition).map((config) => [definition.kind, { ...narrow(definition, [16, 6]), ...config }] as const),
  )

/** Positions among all that were kept: at the start, the end, and between. */
const some = <T>(all: readonly T[], count: number, seed: number): T[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => all[random.integer(all.length)] as T)
}

async function expectTheSame(
  kind: ModelKind,
  config: ModelConfig,
  changes: Partial<LoopSettings>,
  positions: number,
): Promise<void> {
  const before = tf.memory().numTensors
  const whole = await trained(kind, config, changes, null, true)
  for (const kept of some(whole.kept, positions, whole.kept.length)) {
    const { stage, epochs, sweep, steps } = kept.position
    const resumed = await trained(kind, config, changes, kept, false)
    const where = `stage ${stage}, after ${epochs} epochs, sweep ${sweep}, ${steps} steps`
    expect(resumed.weights, where).toBe(whole.weights)
    expect(withoutTimes(resumed.epochs), where).toEqual(withoutTimes(whole.epochs))
  }
  expect(tf.memory().numTensors).toBe(before)
}

describe.each(computePaths)('an interrupted training on %s', (path) => {
  beforeAll(() => useComputePath(path))

  const tried =
    path === 'tensorflow' ? cases : cases.filter(([kind], at) => cases.findIndex(([other]) => other === kind) === at)
  it.each(tried)('ends with the same weights as one that was not: %s %o', async (kind, config) => {
    await expectTheSame(kind, config, {}, path === 'tensorflow' ? 2 : 1)
  })
})

describe('an interrupted training', () => {
  beforeAll(() => useComputePath('tensorflow'))
  const [first] = cases
  if (!first) throw new Error('no model is trained by steps')
  const [kind, config] = first

  it.each([{ continueFrom: 'last' }, { patience: 0 }, { patience: 1 }, { augment: false }, { batchRows: 5 }] as const)(
    'goes on alike with %o',
    async (changes) => {
      await expectTheSame(kind, config, changes, 4)
    },
  )

  it('does not depend on which states are kept', async () => {
    const [keeping, not] = [await trained(kind, config, {}, null, true), await trained(kind, config, {}, null, false)]
    expect(keeping.kept.length).toBeGreaterThan(0)
    expect(not.weights).toBe(keeping.weights)
  })

  it.each(['adam', 'nadam-keras3', 'nadam-tf25', 'adam-normalised'] as const)(
    'goes on with the moments and step numbers of %s',
    async (optimiser) => {
      await expectTheSame(kind, { ...config, optimiser }, {}, 4)
    },
  )
})

describe('an interrupted model in closed form', () => {
  beforeAll(() => useComputePath('tensorflow'))
  it('solves only the candidates that are left', async () => {
    const solved: number[] = []
    const candidates = ['a', 'b', 'c'].map((label) => ({ label }))
    const model: Model = {
      training: 'closed-form',
      items: ITEMS,
      parameters: new Map(),
      members: [],
      linear: null,
      candidates,
      fit: (candidate) => {
        solved.push(candidate)
        return Promise.resolve()
      },
      score: (rows) => tf.zeros([rows.rows, ITEMS]),
      memberLogits: () => [],
      dispose: () => undefined,
    }
    const done: EpochPoint[] = [
      { epoch: 1, label: 'a', loss: {}, validation: metricsOf(0.3), seconds: 1, rowsPerSecond: 1 },
    ]
    const restored: string[] = []
    const result = await train(
      {
        model,
        train: histories,
        steps: null,
        validate: () => Promise.resolve(metricsOf(0.2)),
        checkpoint: {
          save: () => Promise.reject(new Error('no candidate is better')),
          restoreBest: () => {
            restored.push('best')
            return Promise.resolve()
          },
        },
        onEpoch: () => undefined,
        interrupted: { epochs: done, state: null },
      },
      { signal: new AbortController().signal, progress: () => undefined },
    )
    expect(solved).toEqual([1, 2])
    expect(result.bestEpoch).toBe(1)
    expect(restored).toEqual(['best'])
  })
})
