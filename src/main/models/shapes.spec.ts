import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { narrow, settingsIn } from '../../../test/fixtures/settings-in'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { SparseGradient } from '../compute/sparse-gradient'
import { csrFromRows } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { disposeDifferentiated } from './differentiate'
import { GradientModel } from './gradient-model'
import { seededNoise } from './noise'
import { configure, modelOf, models, type ConfiguredModel } from './registry'

const ITEMS = 12
const rows = csrFromRows(
  Array.from({ length: 6 }, (_, user) => [user, (user + 1) % ITEMS, (user + 5) % ITEMS]),
  ITEMS,
)

const small: ModelConfig = {
  encoderDepth: 2,
  decoderDepth: 2,
  pseudoInputs: 5,
  lambdas: '10',
}

function smallModel(kind: ModelKind, overrides: ModelConfig = {}): ConfiguredModel {
  return configure(modelOf(kind), null, {
    ...narrow(modelOf(kind), [6, 4]),
    ...settingsIn(modelOf(kind), small),
    ...overrides,
  })
}

beforeAll(async () => {
  await probeBackends()
  await tf.setBackend('tensorflow')
})

const variants: readonly [ModelKind, ModelConfig][] = [
  ...models.map(({ kind }) => [kind, {}] as [ModelKind, ModelConfig]),
  ['vasp', { heads: '1' }],
  ['flvae', { prior: 'vamp' }],
  ['autorec', { output: 'sigmoid' }],
  ['hadamard', { members: 'flvae,mult-vae' }],
  ['hadamard', { members: models.flatMap(({ kind, member }) => (member ? [kind] : [])).join() }],
]

it.each(variants)('%s %o has the parameters of its shapes, in their order', async (kind, overrides) => {
  const before = tf.memory().numTensors
  const configured = smallModel(kind, overrides)
  const model = await configured.create(ITEMS, seededRandom(1))
  const told = configured.shapes(ITEMS).filter(({ trained }) => trained)
  expect(Array.from(model.parameters, ([name, { shape }]) => ({ name, shape }))).toEqual(
    told.map(({ name, shape }) => ({ name, shape })),
  )
  expect(
    [model, ...model.members].some(({ linear }) => linear !== null),
    'a linear score, or a linear member',
  ).toBe(configured.linear)
  // A score that is linear is no product, so it has no members that would be explained beside it.
  if (model.linear) expect(model.members).toEqual([])
  expect(model.members.length > 0, 'a probability').toBe(configured.probability)
  model.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

it.each(variants.filter(([kind]) => modelOf(kind).training === 'gradient'))(
  '%s %o keeps gradients sparse and weights frozen exactly as its shapes say',
  async (kind, overrides) => {
    const configured = smallModel(kind, overrides)
    const model = await configured.create(ITEMS, seededRandom(1))
    if (!(model instanceof GradientModel)) throw new Error(`${kind} is not trained by steps`)
    const shapes = configured.shapes(ITEMS)
    model.beginStage({ learningRate: 0.01, epochs: 1 })
    expect([...model.network.frozen.keys()]).toEqual(shapes.filter(({ trained }) => !trained).map(({ name }) => name))
    const sparse = new Set<string>()
    for (let sweep = 0; sweep < model.sweeps; sweep++) {
      model.beginSweep(1, sweep)
      const differentiated = model.differentiate(
        { input: rows, target: rows },
        { noise: seededNoise(seededRandom(3)), step: 0, epoch: 1, sweep },
      )
      for (const [name, gradient] of Object.entries(differentiated.gradients))
        if (gradient instanceof SparseGradient) sparse.add(name)
      disposeDifferentiated(differentiated)
    }
    expect([...sparse].sort()).toEqual(
      shapes
        .filter(({ trained, gradient }) => trained && gradient === 'sparse')
        .map(({ name }) => name)
        .sort(),
    )
    model.dispose()
  },
)

it('draws each weight from a stream of its own, the same for the same seed', async () => {
  const drawn = async (seed: number): Promise<Float32Array[]> => {
    const model = await smallModel('hadamard', { members: 'flvae,mult-vae' }).create(ITEMS, seededRandom(seed))
    const values = await Promise.all([...model.parameters.values()].map((parameter) => parameter.data()))
    model.dispose()
    return values.filter((all) => all.some((value) => value !== 0 && value !== 1))
  }
  const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
  expect(new Set(first.map((values) => values[0])).size).toBe(first.length)
})
