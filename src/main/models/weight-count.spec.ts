import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { seededRandom } from '../numeric/random'
import { modelEntry, resolveConfig } from './registry'
import { weightCount } from './weight-count'

const ITEMS = 40

beforeAll(async () => {
  await probeBackends()
  await tf.setBackend('cpu')
})

it.each<[ModelKind, ModelConfig]>([
  ['vasp', { hidden: 12, latent: 5 }],
  ['vasp', { hidden: 12, latent: 5, heads: '1', encoderDepth: 2, decoderDepth: 1 }],
  ['flvae', { hidden: 12, latent: 5, prior: 'vamp', pseudoInputs: 7 }],
  ['nease', {}],
  ['mult-dae', { hidden: 12 }],
  ['mult-vae', { hidden: 12, latent: 5 }],
  ['recvae', { hidden: 12, latent: 5 }],
  ['hvamp', { hidden: 12, latent: 5, pseudoInputs: 7 }],
  ['autorec', { hidden: 12 }],
  ['hadamard', { hidden: 12, latent: 5, members: 'nease,mult-vae,recvae' }],
])('counts the matrices of %s %o as the model makes them', async (kind, overrides) => {
  const entry = modelEntry(kind)
  const config = resolveConfig(entry, null, overrides)
  const create = await entry.load()
  const model = create(config, ITEMS, seededRandom(1))
  const matrices = [...model.parameters.values()].filter(({ shape }) => shape.length === 2).map(({ size }) => size)
  expect(weightCount(kind, config, ITEMS)).toMatchObject({
    all: matrices.reduce((sum, size) => sum + size, 0),
    largest: Math.max(...matrices),
  })
  model.dispose()
})

it('counts nothing of a model that is solved', () => {
  expect(weightCount('ease', {}, ITEMS)).toBeNull()
  expect(weightCount('popularity', {}, ITEMS)).toBeNull()
})
