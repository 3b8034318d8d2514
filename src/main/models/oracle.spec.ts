import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import {
  alternatingCase,
  asStored,
  csrOf,
  modelCase,
  readCase,
  type FixtureTensor,
  type ModelCase,
} from '../../../test/fixtures/oracle'
import { probeBackends } from '../compute/backend'
import type { OptimiserName } from '../compute/optimisers/step-rule'
import { sparseRows } from '../compute/sparse-rows'
import { seededRandom } from '../numeric/random'
import { Flvae } from './flvae'
import { HadamardModel } from './hadamard'
import { readWeights } from './layers/parameters'
import { lossOf } from './loss'
import type { Member } from './member'
import type { TrainingBatch } from './model'
import { Nease } from './nease'
import type { Noise } from './noise'

const ITEMS = 14
const FOCAL = { alpha: 0.25, gamma: 2 }
const random = seededRandom(1)
const flvae = (heads: 1 | 2) => (): Member[] => [new Flvae(ITEMS, { hidden: 6, latent: 4, heads }, random)]
const nease = (): Member[] => [new Nease(ITEMS, random)]
const vasp = (): Member[] => [...flvae(2)(), ...nease()]

const cases = [
  { file: 'nease-mse', members: nease, loss: 'mse' },
  { file: 'nease-cosine', members: nease, loss: 'cosine' },
  { file: 'nease-focal', members: nease, loss: 'focal' },
  { file: 'flvae-single-head', members: flvae(1), loss: 'focal' },
  { file: 'flvae-two-head', members: flvae(2), loss: 'focal' },
  { file: 'vasp-joint', members: vasp, loss: 'focal' },
] as const

const optimisers = [
  ['adam', 'adam'],
  ['nadam-keras3', 'nadam_keras3'],
  ['nadam-tf25', 'nadam_tf25'],
] as const

const fixedNoise = (epsilon: FixtureTensor | undefined): Noise => ({
  normal(rows, columns) {
    if (!epsilon) throw new Error('the case has no noise')
    expect([rows, columns]).toEqual(epsilon.shape)
    return tf.tensor2d(epsilon.data, [rows, columns])
  },
})

/** The case's model with the case's weights. */
function modelOf(
  members: () => Member[],
  loss: 'mse' | 'cosine' | 'focal',
  optimiser: OptimiserName,
  weights: Record<string, FixtureTensor>,
): HadamardModel {
  const model = new HadamardModel(members(), {
    loss: lossOf({ loss, ...FOCAL }),
    optimiser,
    noise: fixedNoise(undefined),
  })
  expect([...model.parameters.keys()].sort()).toEqual(Object.keys(weights).sort())
  for (const [name, parameter] of model.parameters) {
    const weight = weights[name]
    if (!weight) throw new Error(`the case has no ${name}`)
    const { shape, data } = asStored(name, weight)
    tf.tidy(() => parameter.assign(tf.tensor(data, shape)))
  }
  return model
}

const batchOf = ({ x, target }: ModelCase['inputs']): TrainingBatch => ({ input: csrOf(x), target: csrOf(target) })

/** Positions that a comparison leaves out: NEASE's diagonal, whose gradient is not used. */
const isDiagonal = (name: string, i: number): boolean => name === 'nease.W' && i % (ITEMS + 1) === 0

async function expectWeights(
  model: HadamardModel,
  expected: Record<string, FixtureTensor>,
  gradients: Record<string, FixtureTensor> | null,
): Promise<void> {
  for (const [name, parameter] of model.parameters) {
    const values = await parameter.data()
    const wanted = expected[name]
    if (!wanted) throw new Error(`the case has no ${name}`)
    const { data } = asStored(name, wanted)
    const gradient = gradients?.[name]
    const slopes = gradient ? asStored(name, gradient).data : null
    // Adam divides a gradient by its own size: an entry whose gradient is nearly zero moves by ± the learning rate on rounding noise alone.
    const counts = data.map((_, i) => isDiagonal(name, i) || !slopes || Math.abs(slopes[i] ?? 0) > 1e-5)
    expectClose(
      values.filter((_, i) => counts[i]),
      data.filter((_, i) => counts[i]),
      { absolute: 1e-4 },
      name,
    )
  }
}

const live = (): number => tf.memory().numTensors

beforeAll(async () => {
  const unavailable = (await probeBackends()).filter(({ available }) => !available)
  expect(unavailable).toEqual([])
})

describe.each(['tensorflow', 'cpu'])('on %s', (backend) => {
  let before = 0
  beforeAll(async () => {
    await tf.setBackend(backend)
    before = live()
  })
  afterEach(() => {
    expect(live(), 'live tensors').toBe(before)
  })

  describe.each(cases)('$file', ({ file, members, loss }) => {
    const golden = readCase(file, modelCase)
    const batch = batchOf(golden.inputs)
    const noise = fixedNoise(golden.noise?.epsilon)

    it('gives the logits while training and the output at inference', async () => {
      const model = modelOf(members, loss, 'adam', golden.weights)
      const outputs = tf.tidy(() => {
        const input = sparseRows(batch.input)
        return model.members.flatMap((member) => member.forward(readWeights(member.parameters), input, noise).logits)
      })
      const names = file.startsWith('nease')
        ? ['logits']
        : ['logitsA', 'logitsC', 'logitsN'].filter((n) => n in golden.forward)
      expect(outputs).toHaveLength(names.length)
      for (const [k, name] of names.entries())
        expectClose(await outputs[k]!.data(), golden.forward[name]!.data, { relative: 1e-5, absolute: 1e-6 }, name)
      tf.dispose(outputs)

      const score = model.score(batch.input)
      expectClose(
        await score.data(),
        (golden.inference ?? golden.forward).y!.data,
        { relative: 1e-5, absolute: 1e-7 },
        'y',
      )
      score.dispose()
      model.dispose()
    })

    it('gives the loss parts and the gradient of every weight', async () => {
      const model = modelOf(members, loss, 'adam', golden.weights)
      const { losses, gradients } = model.differentiate(batch, model.members, noise)
      for (const name of ['focal', 'kl', 'total'].filter((n) => n in golden.loss))
        expectClose(await losses[name]!.data(), [golden.loss[name]!], { relative: 1e-5 }, name)
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(golden.grad).sort())
      for (const [name, gradient] of Object.entries(gradients)) {
        const { data } = asStored(name, golden.grad[name]!)
        const expected = data.map((v, i) => (isDiagonal(name, i) ? 0 : v))
        const largest = Math.max(...expected.map(Math.abs))
        expectClose(await gradient.data(), expected, { absolute: 1e-4 * largest }, name)
      }
      tf.dispose([losses, gradients])
      model.dispose()
    })

    it.each(optimisers)('moves every weight as %s does, after 1 and 3 steps', async (optimiser, name) => {
      const model = modelOf(members, loss, optimiser, golden.weights)
      const { spec, weights_after_1, weights_after_3 } = golden.optimisers[name]
      model.beginStage({ learningRate: spec.lr, epochs: 1 })
      await model.step(batch, model.members, noise)
      await expectWeights(model, weights_after_1, golden.grad)
      await model.step(batch, model.members, noise)
      await model.step(batch, model.members, noise)
      await expectWeights(model, weights_after_3, golden.grad)
      const weight = await model.parameters.get('nease.W')?.data()
      if (weight) for (let i = 0; i < ITEMS; i++) expect(weight[i * (ITEMS + 1)]).toBe(0)
      model.dispose()
    })
  })

  describe('vasp-alternating', () => {
    const golden = readCase('vasp-alternating', alternatingCase)
    it.each(optimisers)(
      'with %s moves only the path whose turn it is, with its own step counter',
      async (optimiser, name) => {
        const model = modelOf(vasp, 'focal', optimiser, golden.weights)
        const known = { ...golden.weights }
        model.beginStage({ learningRate: 0.01, epochs: 1 })
        for (const [k, step] of golden.optimisers[name]!.steps.entries()) {
          const { inputs, noise } = golden.step_inputs[k]!
          const trained = model.members.filter((member) => member.name === step.trains)
          const { gradients, losses } = model.differentiate(batchOf(inputs), trained, fixedNoise(noise.epsilon))
          expect(Object.keys(gradients).sort()).toEqual([...step.moved].sort())
          expectClose(await losses.total!.data(), [step.loss.total!], { relative: 1e-5 }, 'total')
          const slopes: Record<string, FixtureTensor> = {}
          for (const [weight, gradient] of Object.entries(gradients)) {
            const values = { shape: gradient.shape, data: [...(await gradient.data())] }
            slopes[weight] = asStored(weight, values)
          }
          tf.dispose([gradients, losses])
          await model.step(batchOf(inputs), trained, fixedNoise(noise.epsilon))
          Object.assign(known, step.weights_after)
          await expectWeights(model, known, slopes)
        }
        model.dispose()
      },
    )
  })
})
