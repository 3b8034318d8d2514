import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { computePaths, useComputePath } from '../../../test/fixtures/compute-paths'
import { expectClose } from '../../../test/fixtures/closeness'
import {
  alternatingCase,
  asStored,
  modelCase,
  readCase,
  type FixtureTensor,
  type ModelCase,
} from '../../../test/fixtures/oracle'
import { probeBackends } from '../compute/backend'
import type { OptimiserName } from '../compute/optimisers/step-rule'
import { denseGradient } from '../compute/sparse-gradient'
import { sparseRows } from '../compute/sparse-rows'
import { seededRandom } from '../numeric/random'
import { disposeDifferentiated } from './differentiate'
import { Flvae } from './flvae'
import { readWeights } from './layers/parameters'
import { lossOf, multinomial, type ReconstructionLoss } from './loss'
import type { Member } from './member'
import { MultDae } from './mult-dae'
import { MultVae } from './mult-vae'
import { Nease } from './nease'
import { batchOf, expectGradients, expectWeights, ITEMS, modelOf, passOf } from '../../../test/fixtures/oracle-model'

const FOCAL = { alpha: 0.25, gamma: 2 }
const random = seededRandom(1)
const flvae = (heads: 1 | 2) => (): Member[] => [
  new Flvae(ITEMS, { hidden: 6, latent: 4, heads, encoderDepth: 7, decoderDepth: 5 }, random),
]
const nease = (): Member[] => [new Nease(ITEMS, random)]
const vasp = (): Member[] => [...flvae(2)(), ...nease()]

const focal = lossOf({ loss: 'focal', ...FOCAL })
/** β is at its cap from the second step on. */
const multVae = { hidden: 6, latent: 4, dropout: 0.5, beta: 0.2, annealSteps: 1 }

const optimisers = [
  ['adam', 'adam'],
  ['nadam-keras3', 'nadam_keras3'],
  ['nadam-tf25', 'nadam_tf25'],
] as const
const adamOnly = [['adam', 'adam']] as const
type OptimiserCase = (typeof optimisers)[number][1]

interface Case {
  readonly file: string
  readonly members: () => Member[]
  readonly loss: ReconstructionLoss
  /** Names of the fixture's logits, in the model's order. */
  readonly logits: readonly string[]
  readonly optimisers: readonly (readonly [OptimiserName, OptimiserCase])[]
}

const cases: readonly Case[] = [
  {
    file: 'nease-mse',
    members: nease,
    loss: lossOf({ loss: 'mse', ...FOCAL }),
    logits: ['logits'],
    optimisers,
  },
  {
    file: 'nease-cosine',
    members: nease,
    loss: lossOf({ loss: 'cosine', ...FOCAL }),
    logits: ['logits'],
    optimisers,
  },
  { file: 'nease-focal', members: nease, loss: focal, logits: ['logits'], optimisers },
  { file: 'flvae-single-head', members: flvae(1), loss: focal, logits: ['logitsA'], optimisers },
  { file: 'flvae-two-head', members: flvae(2), loss: focal, logits: ['logitsA', 'logitsC'], optimisers },
  { file: 'vasp-joint', members: vasp, loss: focal, logits: ['logitsA', 'logitsC', 'logitsN'], optimisers },
  {
    file: 'multdae',
    members: () => [new MultDae(ITEMS, { hidden: 6, dropout: 0.5, weightDecay: 0.01 }, random)],
    loss: multinomial,
    logits: ['logits'],
    optimisers: adamOnly,
  },
  {
    file: 'multvae',
    members: () => [new MultVae(ITEMS, multVae, random)],
    loss: multinomial,
    logits: ['logits'],
    optimisers: adamOnly,
  },
]

const live = (): number => tf.memory().numTensors

beforeAll(async () => {
  const unavailable = (await probeBackends()).filter(({ available }) => !available)
  expect(unavailable).toEqual([])
})

/** The score at inference: the output, or the softmax of the logits. */
function outputOf(golden: ModelCase): number[] {
  const { y, logits } = golden.inference ?? golden.forward
  if (y) return y.data
  const { shape: [rows = 0, items = 0] = [], data = [] } = logits ?? {}
  return Array.from({ length: rows }, (_, r) => {
    const row = data.slice(r * items, (r + 1) * items).map(Math.exp)
    const sum = row.reduce((total, value) => total + value, 0)
    return row.map((value) => value / sum)
  }).flat()
}

describe.each(computePaths)('on %s', (path) => {
  let before = 0
  beforeAll(async () => {
    await useComputePath(path)
    before = live()
  })
  afterEach(() => {
    expect(live(), 'live tensors').toBe(before)
  })

  describe.each(cases)('$file', ({ file, members, loss, logits, optimisers }) => {
    const golden = readCase(file, modelCase)
    const batch = batchOf(golden.inputs)
    const pass = passOf(golden.noise)

    it('gives the logits while training and the output at inference', async () => {
      const model = modelOf(members, loss, 'adam', golden.weights)
      const outputs = tf.tidy(() => {
        const input = sparseRows(batch.input)
        return model.members.flatMap((member) => member.forward(readWeights(member.parameters), input, pass).logits)
      })
      expect(outputs).toHaveLength(logits.length)
      for (const [k, name] of logits.entries())
        expectClose(await outputs[k]!.data(), golden.forward[name]!.data, { relative: 1e-5, absolute: 1e-6 }, name)
      tf.dispose(outputs)

      const score = model.score(batch.input)
      expectClose(await score.data(), outputOf(golden), { relative: 1e-5, absolute: 1e-7 }, 'y')
      score.dispose()
      model.dispose()
    })

    it('gives the loss parts and the gradient of every weight', async () => {
      const model = modelOf(members, loss, 'adam', golden.weights)
      const { losses, gradients } = model.differentiate(batch, model.members, pass)
      for (const name of ['focal', 'nll', 'kl', 'l2', 'total'].filter((n) => n in golden.loss))
        expectClose(await losses[name]!.data(), [golden.loss[name]!], { relative: 1e-5 }, name)
      await expectGradients(gradients, golden.grad)
      disposeDifferentiated({ losses, gradients })
      model.dispose()
    })

    it.each(optimisers)('moves every weight as %s does, after 1 and 3 steps', async (optimiser, name) => {
      const model = modelOf(members, loss, optimiser, golden.weights)
      const { spec, weights_after_1, weights_after_3 } = golden.optimisers[name]!
      model.beginStage({ learningRate: spec.lr, epochs: 1 })
      await model.step(batch, model.members, pass)
      await expectWeights(model, weights_after_1, golden.grad)
      await model.step(batch, model.members, pass)
      await model.step(batch, model.members, pass)
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
        const model = modelOf(vasp, focal, optimiser, golden.weights)
        const known = { ...golden.weights }
        model.beginStage({ learningRate: 0.01, epochs: 1 })
        for (const [k, step] of golden.optimisers[name]!.steps.entries()) {
          const { inputs, noise } = golden.step_inputs[k]!
          const trained = model.members.filter((member) => member.name === step.trains)
          const { gradients, losses } = model.differentiate(batchOf(inputs), trained, passOf(noise))
          expect(Object.keys(gradients).sort()).toEqual([...step.moved].sort())
          expectClose(await losses.total!.data(), [step.loss.total!], { relative: 1e-5 }, 'total')
          const slopes: Record<string, FixtureTensor> = {}
          for (const [weight, gradient] of Object.entries(gradients)) {
            const { shape } = model.parameters.get(weight)!
            const matrix = denseGradient(gradient)
            slopes[weight] = asStored(weight, { shape, data: [...(await matrix.data())] })
            matrix.dispose()
          }
          disposeDifferentiated({ losses, gradients })
          await model.step(batchOf(inputs), trained, passOf(noise))
          Object.assign(known, step.weights_after)
          await expectWeights(model, known, slopes)
        }
        model.dispose()
      },
    )
  })
})
