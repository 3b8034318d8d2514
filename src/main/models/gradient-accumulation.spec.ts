import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { csrFromRows, rowOf } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { microBatches } from './gradient-accumulation'
import type { LossTerms, TrainableModel } from './model'
import { configure, modelOf } from './registry'

const ITEMS = 30
const rows = csrFromRows(
  Array.from({ length: 11 }, (_, user) => Array.from({ length: 3 + (user % 4) }, (_, i) => (user * 7 + i * 5) % ITEMS)),
  ITEMS,
)
const batch = { input: rows, target: rows }

beforeAll(probeBackends)

it('splits a batch into consecutive micro-batches that hold each row once', () => {
  const cut = [...microBatches(batch, 3)]
  expect(cut.map(({ batch: microBatch }) => microBatch.input.rows)).toEqual([3, 4, 4])
  expect(cut.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  const seen = cut.flatMap(({ batch: microBatch }) =>
    Array.from({ length: microBatch.target.rows }, (_, r) => [...rowOf(microBatch.target, r)]),
  )
  expect(seen).toEqual(Array.from({ length: rows.rows }, (_, r) => [...rowOf(rows, r)]))
})

it('never splits a row for any number of accumulation steps', () => {
  const cut = [...microBatches(batch, 400)]
  expect(cut).toHaveLength(rows.rows)
  expect(new Set(cut.map(({ batch: microBatch }) => microBatch.input.rows))).toEqual(new Set([1]))
})

async function built(kind: ModelKind, overrides: ModelConfig): Promise<TrainableModel> {
  const model = await configure(modelOf(kind), null, overrides).create(ITEMS, seededRandom(1))
  if (model.training !== 'gradient') throw new Error(`${kind} is not trained by steps`)
  return model
}

/** Losses and weights after two steps. */
async function afterTwoSteps(
  kind: ModelKind,
  overrides: ModelConfig,
): Promise<{ losses: LossTerms; weights: Float32Array[] }> {
  const model = await built(kind, overrides)
  model.beginStage({ learningRate: 0.01, epochs: 1 })
  await model.trainStep(batch)
  const losses = await model.trainStep(batch)
  const weights = await Promise.all([...model.parameters.values()].map((parameter) => parameter.data()))
  model.dispose()
  return { losses, weights }
}

describe.each(['tensorflow', 'cpu'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  // Models without noise, or with noise switched off, because accumulation changes the random draws.
  it.each<[ModelKind, ModelConfig]>([
    ['autorec', { hidden: 6 }],
    ['mult-dae', { hidden: 6, dropout: 0 }],
    ['nease', { loss: 'focal' }],
    ['nease', { loss: 'cosine' }],
  ])('%s %o takes the same step with and without gradient accumulation', async (kind, config) => {
    const before = tf.memory().numTensors
    const whole = await afterTwoSteps(kind, config)
    const cut = await afterTwoSteps(kind, { ...config, accumulate: 4 })
    expect(Object.keys(cut.losses)).toEqual(Object.keys(whole.losses))
    for (const [name, value] of Object.entries(whole.losses)) expect(cut.losses[name]).toBeCloseTo(value, 5)
    for (const [k, values] of whole.weights.entries())
      values.forEach((value, i) => expect(Math.abs((cut.weights[k]?.[i] ?? Number.NaN) - value)).toBeLessThan(2e-4))
    expect(tf.memory().numTensors).toBe(before)
  })
})
