import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import { readCase, recvaeCase, type FixtureTensor } from '../../../test/fixtures/oracle'
import { probeBackends } from '../compute/backend'
import { freeing } from '../compute/freeing'
import { sparseRows } from '../compute/sparse-rows'
import { seededRandom } from '../numeric/random'
import { differentiate, disposeDifferentiated } from './differentiate'
import { HadamardModel } from './hadamard'
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
import { RecVae } from './recvae'

const golden = readCase('recvae', recvaeCase)
const { weights, old_encoder, noise, encoder_step, decoder_step } = golden
const batch = batchOf(golden.inputs)
const ENCODER_SWEEPS = 3
const encoderPass = {
  step: 0,
  epoch: 1,
  noise: noiseOf({ normal: [noise.epsilon], kept: [noise.dropout_keep_mask] }),
}
const decoderPass = {
  step: 1,
  epoch: 1,
  noise: noiseOf({ normal: [noise.epsilon_decoder_step] }),
}

/** The case's model in its encoder step: its weights, and as previous encoder the case's old one. */
function goldenModel(): { model: HadamardModel; member: RecVae } {
  const shape = { hidden: 6, latent: 4, klPerItem: golden.hyper.gamma, dropout: 0.5, encoderSweeps: ENCODER_SWEEPS }
  const member = new RecVae(ITEMS, shape, seededRandom(1))
  const model = new HadamardModel([member], { loss: multinomial, optimiser: 'adam', noise: encoderPass.noise })
  const old: Record<string, FixtureTensor> = { 'decoder.W': weights['decoder.W']!, 'decoder.b': weights['decoder.b']! }
  for (const [name, tensor] of Object.entries(old_encoder)) old[name.replace('old.', '')] = tensor
  assignWeights(model, old)
  model.beginStage({ learningRate: encoder_step.spec.lr, epochs: 1 })
  model.beginSweep(1, ENCODER_SWEEPS)
  assignWeights(model, weights)
  model.beginSweep(2, 0)
  return { model, member }
}

const encoderOnly = <T>(values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('decoder')))

beforeAll(probeBackends)

describe.each(['tensorflow', 'cpu'])('RecVAE on %s', (backend) => {
  let before = 0
  beforeAll(async () => {
    await tf.setBackend(backend)
    before = tf.memory().numTensors
  })
  afterEach(() => {
    expect(tf.memory().numTensors, 'live tensors').toBe(before)
  })

  it('gives the logits while training and at inference', async () => {
    const { model, member } = goldenModel()
    const outputs = tf.tidy(() => {
      const input = sparseRows(batch.input)
      const weightsNow = readWeights(member.parameters)
      return [encoderPass, null].flatMap((pass) => member.forward(weightsNow, input, pass).logits)
    })
    const close = { relative: 1e-5, absolute: 1e-6 }
    expectClose(await outputs[0]!.data(), golden.forward.logits!.data, close, 'logits')
    expectClose(await outputs[1]!.data(), golden.inference.logits!.data, close, 'logits at inference')
    tf.dispose(outputs)
    model.dispose()
  })

  it('gives the loss parts and the gradient of every weight', async () => {
    const { model, member } = goldenModel()
    const { losses, gradients } = freeing(() => {
      const [input, target] = [sparseRows(batch.input), sparseRows(batch.target)]
      return differentiate(readWeights(member.parameters), [...member.parameters.keys()], (current) => {
        const { logits, penalties } = member.forward(current, input, encoderPass)
        return { nll: { value: multinomial.of(logits, target), weight: 1 }, ...penalties }
      })
    })
    expectClose(await losses.nll!.data(), [-golden.loss.mll], { relative: 1e-5 }, 'nll')
    expectClose(await losses.kl!.data(), [golden.loss.kld], { relative: 1e-5 }, 'kl')
    expectClose(await losses.total!.data(), [golden.loss.total], { relative: 1e-5 }, 'total')
    await expectGradients(gradients, golden.grad)
    disposeDifferentiated({ losses, gradients })
    model.dispose()
  })

  it('moves the encoder alone in an encoder sweep, then with the new prior the decoder alone', async () => {
    const { model } = goldenModel()
    await model.step(batch, model.members, encoderPass)
    await expectWeights(model, { ...weights, ...encoder_step.weights_after }, encoderOnly(golden.grad))

    model.beginSweep(2, ENCODER_SWEEPS)
    const { losses, gradients } = model.differentiate(batch, model.members, decoderPass)
    expectClose(await losses.nll!.data(), [-decoder_step.loss.mll], { relative: 1e-5 }, 'nll')
    expectClose(await losses.kl!.data(), [decoder_step.loss.kld], { relative: 1e-5, absolute: 1e-6 }, 'kl')
    await expectGradients(gradients, decoder_step.grad)
    disposeDifferentiated({ losses, gradients })
    await model.step(batch, model.members, decoderPass)
    const after = { ...encoder_step.weights_after, ...decoder_step.weights_after }
    await expectWeights(model, after, { ...encoderOnly(golden.grad), ...decoder_step.grad })
    model.dispose()
  })

  it('is an epoch of three encoder sweeps and one decoder sweep', () => {
    const { model } = goldenModel()
    expect(model.sweeps).toBe(4)
    model.dispose()
  })
})
