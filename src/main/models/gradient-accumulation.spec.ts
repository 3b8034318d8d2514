import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { csrFromRows, rowOf } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { partsOf } from './gradient-accumulation'
import type { LossParts, TrainableModel } from './model'
import { configure, modelOf } from './registry'

const ITEMS = 30
const rows = csrFromRows(
  Array.from({ length: 11 }, (_, user) => Array.from({ length: 3 + (user % 4) }, (_, i) => (user * 7 + i * 5) % ITEMS)),
  ITEMS,
)
const batch = { input: rows, target: rows }

beforeAll(probeBackends)

it('cuts a step’s rows into runs that hold each row once, in order', () => {
  const parts = [...partsOf(batch, 3)]
  expect(parts.map(({ batch: part }) => part.input.rows)).toEqual([3, 4, 4])
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  const seen = parts.flatMap(({ batch: part }) =>
    Array.from({ length: part.target.rows }, (_, r) => [...rowOf(part.target, r)]),
  )
  expect(seen).toEqual(Array.from({ length: rows.rows }, (_, r) => [...rowOf(rows, r)]))
})

it('cuts no row, however many parts are asked for', () => {
  const parts = [...partsOf(batch, 400)]
  expect(parts).toHaveLength(rows.rows)
  expect(new Set(parts.map(({ batch: part }) => part.input.rows))).toEqual(new Set([1]))
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
): Promise<{ losses: LossParts; weights: Float32Array[] }> {
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

  // Models without noise, or with it switched off: the draws of a step in parts are others.
  it.each<[ModelKind, ModelConfig]>([
    ['autorec', { hidden: 6 }],
    ['mult-dae', { hidden: 6, dropout: 0 }],
    ['nease', { loss: 'focal' }],
    ['nease', { loss: 'cosine' }],
  ])('%s %o takes the same step in parts as at once', async (kind, config) => {
    const before = tf.memory().numTensors
    const whole = await afterTwoSteps(kind, config)
    const parts = await afterTwoSteps(kind, { ...config, accumulate: 4 })
    expect(Object.keys(parts.losses)).toEqual(Object.keys(whole.losses))
    for (const [name, value] of Object.entries(whole.losses)) expect(parts.losses[name]).toBeCloseTo(value, 5)
    for (const [k, values] of whole.weights.entries())
      values.forEach((value, i) => expect(Math.abs((parts.weights[k]?.[i] ?? Number.NaN) - value)).toBeLessThan(2e-4))
    expect(tf.memory().numTensors).toBe(before)
  })
})
