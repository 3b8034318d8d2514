import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { computePaths, useComputePath } from '../../../test/fixtures/compute-paths'
import { narrow, variantsOf } from '../../../test/fixtures/variants'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { csrFromRows, rowOf, selectRows, type Csr } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import type { TrainableModel } from './model'
import { configure, fieldsOf, modelOf, models, type ModelDefinition } from './registry'

const BLOCKS = 5
const PER_BLOCK = 8
const ITEMS = BLOCKS * PER_BLOCK

/** Every user has six of the eight items of one block, so a model can learn the blocks and nothing else. */
function plantedBlocks(users: number, seed: number): Csr {
  const random = seededRandom(seed)
  return csrFromRows(
    Array.from({ length: users }, (_, user) => {
      const block = random.shuffle(Int32Array.from({ length: PER_BLOCK }, (_, i) => (user % BLOCKS) * PER_BLOCK + i))
      return block.slice(0, 6)
    }),
    ITEMS,
  )
}

async function built(kind: ModelKind, overrides: ModelConfig, items: number, seed: number): Promise<TrainableModel> {
  const model = await configure(modelOf(kind), null, overrides).create(items, seededRandom(seed))
  if (model.training !== 'gradient') throw new Error(`${kind} is not trained by steps`)
  return model
}

/** One step each sweep; as many as the slowest learner needs. */
const EPOCHS = 150

/** One step in each sweep of an epoch. */
async function trainEpoch(model: TrainableModel, epoch: number, rows: Csr): Promise<void> {
  for (let sweep = 0; sweep < (model.sweeps ?? 1); sweep++) {
    model.beginSweep?.(epoch, sweep)
    await model.trainStep({ input: rows, target: rows })
  }
}

const small = (definition: ModelDefinition): ModelConfig => narrow(definition, [24, 8])

const trained = models.filter(({ training }) => training === 'gradient')
const rounded = trained.filter(({ settings }) => fieldsOf(settings).some(({ key }) => key === 'precision'))

const variants = trained.flatMap((definition) =>
  variantsOf(definition).map((config) => [definition.kind, config] as const),
)

/** Share of a user's two unseen block items among the two best unseen items, over all users. */
async function foundShare(model: TrainableModel, histories: Csr): Promise<number> {
  const score = model.score(histories)
  const values = await score.data()
  score.dispose()
  let found = 0
  for (let user = 0; user < histories.rows; user++) {
    const seen = new Set(rowOf(histories, user))
    const unseen = Array.from({ length: ITEMS }, (_, item) => item).filter((item) => !seen.has(item))
    const best = unseen.sort((a, b) => (values[user * ITEMS + b] ?? 0) - (values[user * ITEMS + a] ?? 0)).slice(0, 2)
    found += best.filter((item) => Math.floor(item / PER_BLOCK) === user % BLOCKS).length
  }
  return found / (2 * histories.rows)
}

beforeAll(probeBackends)

/** Trains until the blocks are found; no tensor stays. */
async function expectToLearn(kind: ModelKind, config: ModelConfig): Promise<void> {
  const before = tf.memory().numTensors
  const model = await built(kind, { ...small(modelOf(kind)), ...config }, ITEMS, 1)
  try {
    const train = plantedBlocks(60, 2)
    const untrained = await foundShare(model, plantedBlocks(30, 3))
    model.beginStage({ learningRate: 0.01, epochs: EPOCHS })
    const half = selectRows(
      train,
      Array.from({ length: 30 }, (_, i) => i),
    )
    await trainEpoch(model, 1, half)
    const afterOneStep = tf.memory().numTensors
    let found = untrained
    for (let epoch = 2; epoch <= EPOCHS && found <= 0.9; epoch++) {
      await trainEpoch(model, epoch, train)
      if (epoch % 15 === 0) found = await foundShare(model, plantedBlocks(30, 3))
    }
    expect(tf.memory().numTensors, 'tensors after many steps').toBe(afterOneStep)
    expect(found).toBeGreaterThan(0.9)
    expect(untrained).toBeLessThan(0.5)
  } finally {
    model.dispose()
  }
  expect(tf.memory().numTensors, 'tensors after all').toBe(before)
}

describe.each(computePaths)('on %s', (path) => {
  beforeAll(async () => {
    await useComputePath(path)
  })

  it.each(variants)('%s %o learns planted blocks, leaving no tensor behind', expectToLearn)
})

it.each(rounded)('$kind learns planted blocks with bfloat16 products and gradient accumulation', async ({ kind }) => {
  await useComputePath('tensorflow')
  await expectToLearn(kind, { precision: 'bfloat16', accumulate: 3 })
})

it.each(rounded)(
  '$kind refuses bfloat16 before the first step if the backend does not support it',
  async (definition) => {
    await tf.setBackend('wasm')
    const model = await built(definition.kind, { ...small(definition), precision: 'bfloat16' }, ITEMS, 1)
    try {
      expect(() => model.beginStage({ learningRate: 0.01, epochs: 1 })).toThrow(/bfloat16 needs native TensorFlow/)
    } finally {
      model.dispose()
    }
  },
)

it.each(trained)(
  '$kind has the same weights for the same seed on two threads, and others for another',
  async (definition) => {
    await useComputePath('tensorflow')
    const train = csrFromRows(
      Array.from({ length: 128 }, (_, user) =>
        Int32Array.from({ length: 20 }, (_, i) => (user * 37 + i * i * 11) % 601),
      ).map((items) => [...new Set(items)]),
      601,
    )
    const weightsAfterThreeSteps = async (seed: number): Promise<Float32Array[]> => {
      const model = await built(definition.kind, narrow(definition, [160, 64]), 601, seed)
      model.beginStage({ learningRate: 1e-3, epochs: 1 })
      for (let step = 0; step < 3; step++) await model.trainStep({ input: train, target: train })
      const weights = await Promise.all([...model.parameters.values()].map((parameter) => parameter.data()))
      model.dispose()
      return weights
    }
    const first = await weightsAfterThreeSteps(7)
    const again = await weightsAfterThreeSteps(7)
    const other = await weightsAfterThreeSteps(8)
    const same = (a: Float32Array | undefined, b: Float32Array): boolean => b.every((value, i) => a?.[i] === value)
    expect(first.every((values, k) => same(again[k], values))).toBe(true)
    expect(first.every((values, k) => same(other[k], values))).toBe(false)
  },
)
