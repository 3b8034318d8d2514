import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import { goldenModel, logitsOf, withModel } from '../../../../test/fixtures/golden-model'
import { hvampCase, readCase } from '../../../../test/fixtures/oracle'
import { batchOf, expectGradients, expectWeights, noiseOf } from '../../../../test/fixtures/oracle-model'
import { probeBackends } from '../../compute/backend'
import { disposeDifferentiated } from '../differentiate'
import type { GradientModel } from '../gradient-model'

const golden = readCase('hvamp-gated', hvampCase)
const { hyper, noise } = golden
const batch = batchOf(golden.inputs)
const WARM_UP = 10
const draws = noiseOf({
  normal: [noise.epsilon_z2, noise.epsilon_z1],
  kept: [noise.keep_z2, noise.keep_z1],
  masks: [noise.keep_pseudo],
})
/** After the warm-up. */
const pass = { step: 0, epoch: WARM_UP, sweep: 0, noise: draws }

const built = (): Promise<GradientModel> => {
  const shape = { hidden: 6, latent: 4, pseudoInputs: 3, dropout: hyper.dropout, beta: hyper.beta, warmUp: WARM_UP }
  return goldenModel('hvamp', shape, golden.weights)
}

beforeAll(probeBackends)

describe.each(['tensorflow', 'cpu'])('H+Vamp Gated on %s', (backend) => {
  let before = 0
  beforeAll(async () => {
    await tf.setBackend(backend)
    before = tf.memory().numTensors
  })
  afterEach(() => {
    expect(tf.memory().numTensors, 'live tensors').toBe(before)
  })

  it('gives the logits while training and at inference', () =>
    withModel(built(), async (model) => {
      const close = { relative: 1e-5, absolute: 1e-6 }
      const [training] = await logitsOf(model, golden.inputs, pass)
      const [inference] = await logitsOf(model, golden.inputs, null)
      expectClose(training!, golden.forward.logits!.data, close, 'logits')
      expectClose(inference!, golden.inference.logits!.data, close, 'logits at inference')
    }))

  it('gives the loss parts and the gradient of every weight', () =>
    withModel(built(), async (model) => {
      const { losses, gradients } = model.differentiate(batch, pass)
      try {
        expectClose(await losses.nll!.data(), [-golden.loss.log_likelihood], { relative: 1e-5 }, 'nll')
        expectClose(await losses.kl!.data(), [golden.loss.kl], { relative: 1e-5 }, 'kl')
        expectClose(await losses.total!.data(), [golden.loss.total], { relative: 1e-5 }, 'total')
        await expectGradients(gradients, golden.grad)
      } finally {
        disposeDifferentiated({ losses, gradients })
      }
    }))

  it('moves every weight as Adam on normalised gradients does, after 1 and 3 steps', () =>
    withModel(built(), async (model) => {
      const { spec, weights_after_1, weights_after_3 } = golden.optimisers.adam_norm_grad
      model.beginStage({ learningRate: spec.lr, epochs: 1 })
      await model.step(batch, pass)
      await expectWeights(model, weights_after_1, golden.grad)
      await model.step(batch, pass)
      await model.step(batch, pass)
      await expectWeights(model, weights_after_3, golden.grad)
    }))

  it('weighs the KL term more with every epoch of the warm-up', () =>
    withModel(built(), async (model) => {
      const betas: number[] = []
      for (const epoch of [1, 5, 10, 11]) {
        const { losses, gradients } = model.differentiate(batch, { ...pass, epoch })
        const [nll, kl, total] = await Promise.all([losses.nll, losses.kl, losses.total].map((loss) => loss!.array()))
        betas.push((Number(total) - Number(nll)) / Number(kl))
        disposeDifferentiated({ losses, gradients })
      }
      expectClose(betas, [0.03, 0.15, 0.3, 0.3], { relative: 1e-4 }, 'β')
    }))
})
