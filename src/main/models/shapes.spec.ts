import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { narrow, variantsOf } from '../../../test/fixtures/variants'
import type { ModelConfig } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { SparseGradient } from '../compute/sparse-gradient'
import { csrFromRows } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { disposeDifferentiated } from './differentiate'
import { GradientModel } from './gradient-model'
import { seededNoise } from './noise'
import { configure, models, type ConfiguredModel, type ModelDefinition } from './registry'
import { loopSettings } from './settings/keys'

const ITEMS = 12
const rows = csrFromRows(
  Array.from({ length: 6 }, (_, user) => [user, (user + 1) % ITEMS, (user + 5) % ITEMS]),
  ITEMS,
)

const smallModel = (definition: ModelDefinition, overrides: ModelConfig = {}): ConfiguredModel =>
  configure(definition, null, { ...narrow(definition, [6, 4]), ...overrides })

beforeAll(async () => {
  await probeBackends()
  await tf.setBackend('tensorflow')
})

const variantsIn = (of: readonly ModelDefinition[]) =>
  of.flatMap((definition) => variantsOf(definition).map((config) => [definition.kind, config, definition] as const))
const trained = models.filter(({ training }) => training === 'gradient')

it.each(variantsIn(models))(
  '%s %o has the parameters of its shapes, in their order',
  async (_, overrides, definition) => {
    const before = tf.memory().numTensors
    const configured = smallModel(definition, overrides)
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
  },
)

it.each(variantsIn(trained))(
  '%s %o keeps gradients sparse and weights frozen exactly as its shapes say',
  async (kind, overrides, definition) => {
    const configured = smallModel(definition, overrides)
    const model = await configured.create(ITEMS, seededRandom(1))
    if (!(model instanceof GradientModel)) throw new Error(`${kind} is not trained by steps`)
    const shapes = configured.shapes(ITEMS)
    model.beginStage({ learningRate: 0.01, epochs: 1 })
    expect([...model.network.frozen.keys()]).toEqual(shapes.filter(({ trained }) => !trained).map(({ name }) => name))
    const sparse = new Set<string>()
    // A product that is trained alternately needs one step for each member.
    for (let step = 0; step < model.members.length; step++)
      for (let sweep = 0; sweep < model.sweeps; sweep++) {
        model.beginSweep(1, sweep)
        const differentiated = model.differentiate(
          { input: rows, target: rows },
          { noise: seededNoise(seededRandom(3)), step, epoch: 1, sweep },
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

it.each(variantsIn(trained))(
  '%s %o draws each weight from a stream of its own, the same for the same seed',
  async (_, overrides, definition) => {
    const drawn = async (seed: number): Promise<Float32Array[]> => {
      const model = await smallModel(definition, overrides).create(ITEMS, seededRandom(seed))
      const values = await Promise.all([...model.parameters.values()].map((parameter) => parameter.data()))
      model.dispose()
      return values.filter((all) => all.some((value) => value !== 0 && value !== 1))
    }
    const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)]
    expect(first.length).toBeGreaterThan(0)
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(new Set(first.map((values) => values.find((value) => value !== 0))).size).toBe(first.length)
  },
)

it('tries each choice, truth value and depth of a model that no test knows', () => {
  const choice = z.enum(['a', 'b']).meta({ title: 'Choice', description: 'Of two.' })
  const flag = z.boolean().meta({ title: 'Flag', description: 'Yes or no.' })
  const depth = z.int().min(1).meta({ title: 'Depth', unit: 'layers', description: 'Of a stack.' })
  const count = z.int().min(1).meta({ title: 'Count', unit: 'things', description: 'Of things.' })
  const settings = z.strictObject({ choice, flag, encoder: depth, decoder: depth, count, ...loopSettings })
  expect(variantsOf({ settings })).toEqual([
    {},
    { choice: 'a' },
    { choice: 'b' },
    { flag: true },
    { flag: false },
    { encoder: 2, decoder: 1 },
  ])
})
