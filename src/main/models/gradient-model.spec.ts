import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useComputePath } from '../../../test/fixtures/compute-paths'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { SparseGradient } from '../compute/sparse-gradient'
import { csrFromRows } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { disposeDifferentiated, type Differentiated } from './differentiate'
import { GradientModel } from './gradient-model'
import type { TrainableModel } from './model'
import { seededNoise } from './noise'
import { configure, modelOf } from './registry'

const ITEMS = 12
const rows = csrFromRows(
  Array.from({ length: 8 }, (_, user) => [user, (user + 1) % ITEMS, (user + 5) % ITEMS]),
  ITEMS,
)

async function built(kind: ModelKind, overrides: ModelConfig): Promise<TrainableModel> {
  const model = await configure(modelOf(kind), null, { hidden: 6, latent: 4, ...overrides }).create(
    ITEMS,
    seededRandom(1),
  )
  if (model.training !== 'gradient') throw new Error(`${kind} is not trained by steps`)
  model.beginStage({ learningRate: 0.01, epochs: 1 })
  return model
}

/** Names of the parameters that a step changed. */
async function moved(model: TrainableModel): Promise<string[]> {
  const read = async (): Promise<Map<string, Float32Array>> =>
    new Map(
      await Promise.all([...model.parameters].map(async ([name, weight]) => [name, await weight.data()] as const)),
    )
  const before = await read()
  await model.trainStep({ input: rows, target: rows })
  const after = await read()
  return [...before].filter(([name, values]) => values.some((v, i) => v !== after.get(name)?.[i])).map(([name]) => name)
}

beforeAll(async () => {
  await probeBackends()
  await tf.setBackend('cpu')
})

describe('a product in training', () => {
  it('trains every member in every joint step', async () => {
    const model = await built('vasp', { training: 'joint' })
    expect(await moved(model)).toEqual([...model.parameters.keys()])
    model.dispose()
  })

  it('trains one member in each alternating step, in turn, beginning with NEASE', async () => {
    const model = await built('vasp', { training: 'alternating' })
    const deep = [...model.parameters.keys()].filter((name) => name !== 'nease.W')
    expect(await moved(model)).toEqual(['nease.W'])
    expect(await moved(model)).toEqual(deep)
    expect(await moved(model)).toEqual(['nease.W'])
    model.dispose()
  })

  it('keeps members with parameters and penalties of the same names apart', async () => {
    const model = await built('hadamard', { members: 'flvae,mult-vae' })
    expect([...model.parameters.keys()]).toEqual(expect.arrayContaining(['flvae.enc1.W', 'mult-vae.enc1.W']))
    const losses = await model.trainStep({ input: rows, target: rows })
    expect(Object.keys(losses).sort()).toEqual(['flvae kl', 'focal', 'mult-vae kl', 'total'])
    // β has not begun to grow in the first step.
    expect(losses.total).toBeCloseTo((losses['focal'] ?? NaN) + (losses['flvae kl'] ?? NaN), 5)
    model.dispose()
  })
})

it('anneals Mult-VAE’s β by the steps done, up to its cap', async () => {
  const model = await built('mult-vae', { beta: 0.2, annealSteps: 10 })
  const weights: number[] = []
  for (let step = 0; step < 4; step++) {
    const { total, nll = NaN, kl = NaN } = await model.trainStep({ input: rows, target: rows })
    weights.push((total - nll) / kl)
  }
  for (const [step, weight] of weights.entries()) expect(weight).toBeCloseTo([0, 0.1, 0.2, 0.2][step] ?? NaN, 2)
  model.dispose()
})

it('draws dropout and ε from its seed', async () => {
  const lossesOf = async (): Promise<number[]> => {
    const model = await built('mult-vae', {})
    const totals: number[] = []
    for (let step = 0; step < 3; step++) totals.push((await model.trainStep({ input: rows, target: rows })).total)
    model.dispose()
    return totals
  }
  expect(await lossesOf()).toEqual(await lossesOf())
})

describe('a gradient', () => {
  const gradientsOf = (model: GradientModel): Differentiated =>
    model.differentiate(
      { input: rows, target: rows },
      { noise: seededNoise(seededRandom(3)), step: 0, epoch: 1, sweep: 0 },
    )

  it.each([
    ['tensorflow', ['nease.W', 'enc1.W']],
    ['tensorflow without our kernels', []],
  ] as const)('stays sparse on %s if only seen items were looked up: %j', async (path, wanted) => {
    await useComputePath(path)
    const model = await built('vasp', {})
    if (!(model instanceof GradientModel)) throw new Error('VASP is trained by steps')
    const differentiated = gradientsOf(model)
    const sparse = Object.entries(differentiated.gradients).filter(([, g]) => g instanceof SparseGradient)
    expect(sparse.map(([name]) => name).sort()).toEqual([...wanted].sort())
    disposeDifferentiated(differentiated)
    model.dispose()
  })
})
