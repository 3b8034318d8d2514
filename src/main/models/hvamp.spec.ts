import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import { hvampCase, readCase } from '../../../test/fixtures/oracle'
import { probeBackends } from '../compute/backend'
import { sparseRows } from '../compute/sparse-rows'
import { seededRandom } from '../numeric/random'
import { disposeDifferentiated } from './differentiate'
import { HadamardModel } from './hadamard'
import { HVamp } from './hvamp'
import { readWeights } from './layers/parameters'
import { multinomial } from './loss'
import {
  assignWeights,
  batchOf,
  expectGradients,
  expectWeights,
  ITEMS,
  noiseOf,
} from '../../../test/fixtures/oracle-model'

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
const pass = { step: 0, epoch: WARM_UP, noise: draws }

function goldenModel(): HadamardModel {
  const shape = { hidden: 6, latent: 4, pseudoInputs: 3, dropout: hyper.dropout, beta: hyper.beta, warmUp: WARM_UP }
  const model = new HadamardModel([new HVamp(ITEMS, shape, seededRandom(1))], {
    loss: multinomial,
    optimiser: 'adam-normalised',
    noise: draws,
  })
  assignWeights(model, golden.weights)
  return model
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

  it('gives the logits while training and at inference', async () => {
    const model = goldenModel()
    const outputs = tf.tidy(() => {
      const input = sparseRows(batch.input)
      const weights = readWeights(model.parameters)
      return [pass, null].flatMap((when) => model.members.flatMap((m) => m.forward(weights, input, when).logits))
    })
    const close = { relative: 1e-5, absolute: 1e-6 }
    expectClose(await outputs[0]!.data(), golden.forward.logits!.data, close, 'logits')
    expectClose(await outputs[1]!.data(), golden.inference.logits!.data, close, 'logits at inference')
    tf.dispose(outputs)
    model.dispose()
  })

  it('gives the loss parts and the gradient of every weight', async () => {
    const model = goldenModel()
    const { losses, gradients } = model.differentiate(batch, model.members, pass)
    expectClose(await losses.nll!.data(), [-golden.loss.log_likelihood], { relative: 1e-5 }, 'nll')
    expectClose(await losses.kl!.data(), [golden.loss.kl], { relative: 1e-5 }, 'kl')
    expectClose(await losses.total!.data(), [golden.loss.total], { relative: 1e-5 }, 'total')
    await expectGradients(gradients, golden.grad)
    disposeDifferentiated({ losses, gradients })
    model.dispose()
  })

  it('moves every weight as Adam on normalised gradients does, after 1 and 3 steps', async () => {
    const model = goldenModel()
    const { spec, weights_after_1, weights_after_3 } = golden.optimisers.adam_norm_grad
    model.beginStage({ learningRate: spec.lr, epochs: 1 })
    await model.step(batch, model.members, pass)
    await expectWeights(model, weights_after_1, golden.grad)
    await model.step(batch, model.members, pass)
    await model.step(batch, model.members, pass)
    await expectWeights(model, weights_after_3, golden.grad)
    model.dispose()
  })

  it('weighs the KL term more with every epoch of the warm-up', async () => {
    const model = goldenModel()
    const betas: number[] = []
    for (const epoch of [1, 5, 10, 11]) {
      const { losses, gradients } = model.differentiate(batch, model.members, { ...pass, epoch })
      const [nll, kl, total] = await Promise.all([losses.nll, losses.kl, losses.total].map((loss) => loss!.array()))
      betas.push((Number(total) - Number(nll)) / Number(kl))
      disposeDifferentiated({ losses, gradients })
    }
    expectClose(betas, [0.03, 0.15, 0.3, 0.3], { relative: 1e-4 }, 'β')
    model.dispose()
  })
})
