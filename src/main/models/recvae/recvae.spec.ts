import { describe, expect, it } from 'vitest'
import {
  expectForward,
  goldenModel,
  logitsOf,
  onEachComputePath,
  weightsOf,
  withModel,
} from '../../../../test/fixtures/golden-model'
import { hiddenUnits, type Intermediates } from '../../../../test/fixtures/recorded-pass'
import { draws, readCase, recvaeCase, widthsOf, type FixtureTensor } from '../../../../test/fixtures/oracle'
import { assignWeights, batchOf, expectGradients, expectWeights, noiseOf } from '../../../../test/fixtures/oracle-model'
import { expectLoss } from '../../../../test/fixtures/rounding'
import { freeing } from '../../compute/freeing'
import { sparseRows } from '../../compute/sparse-rows'
import { differentiate, disposeDifferentiated } from '../differentiate'
import type { GradientModel } from '../gradient-model'
import { multinomial } from '../loss'
import { ENCODER_LAYERS, PREVIOUS } from './encoder'

const ENCODER_SWEEPS = 3

const intermediates: Intermediates = {
  ...hiddenUnits('enc', ENCODER_LAYERS, 'mu'),
  mu: (pass) => pass.output('mu'),
  logvar: (pass) => pass.output('logvar'),
  z: (pass) => pass.input('decoder'),
  old_mu: (pass) => pass.output(`${PREVIOUS}mu`),
  old_logvar: (pass) => pass.output(`${PREVIOUS}logvar`),
  log_prior: (pass) => pass.logCompositePrior(),
}

const encoderOnly = <T>(values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('decoder')))

onEachComputePath(() => {
  describe.each(draws.map((draw) => `${draw}recvae`))('%s', (file) => {
    const golden = readCase(file, recvaeCase)
    const { weights, old_encoder, noise, encoder_step, decoder_step } = golden
    const batch = batchOf(golden.inputs)
    const encoderPass = {
      step: 0,
      epoch: 1,
      sweep: 0,
      noise: noiseOf({ normal: [noise.epsilon], kept: [noise.dropout_keep_mask] }),
    }
    const decoderPass = {
      step: 1,
      epoch: 1,
      sweep: ENCODER_SWEEPS,
      noise: noiseOf({ normal: [noise.epsilon_decoder_step] }),
    }

    /** The case's model in its encoder step: its weights, and as previous encoder the case's old one. */
    async function built(): Promise<GradientModel> {
      const old: Record<string, FixtureTensor> = {
        'decoder.W': weights['decoder.W']!,
        'decoder.b': weights['decoder.b']!,
      }
      for (const [name, tensor] of Object.entries(old_encoder)) old[name.replace('old.', '')] = tensor
      const settings = { ...widthsOf(file), klPerItem: golden.hyper.gamma, dropout: 0.5, encoderSweeps: ENCODER_SWEEPS }
      const model = await goldenModel('recvae', settings, batch.input.columns, old)
      try {
        model.beginStage({ learningRate: encoder_step.spec.lr, epochs: 1 })
        model.beginSweep(1, ENCODER_SWEEPS)
        assignWeights(model, weights)
        model.beginSweep(2, 0)
      } catch (error) {
        model.dispose()
        throw error
      }
      return model
    }

    it('gives the intermediates and logits while training and at inference', () =>
      withModel(built(), (model) =>
        expectForward(model, golden, encoderPass, file, { logits: ['logits'], intermediates }),
      ))

    it('gives the loss terms and the gradient of every weight', () =>
      withModel(built(), async (model) => {
        const { losses, gradients } = freeing(() => {
          const [input, target] = [sparseRows(batch.input), sparseRows(batch.target)]
          return differentiate(weightsOf(model), [...model.parameters.keys()], (current) => {
            const { members, penalties } = model.network.forward(current, input, encoderPass)
            const logits = members.flatMap((member) => member.logits)
            return { nll: { value: multinomial.of(logits, target), weight: 1 }, ...penalties }
          })
        })
        try {
          expectLoss(await losses.nll!.data(), -golden.loss.mll, file, 'nll')
          expectLoss(await losses.kl!.data(), golden.loss.kld, file, 'kl')
          expectLoss(await losses.total!.data(), golden.loss.total, file, 'total')
          await expectGradients(gradients, golden.grad, file)
        } finally {
          disposeDifferentiated({ losses, gradients })
        }
      }))

    it('moves the encoder alone in an encoder sweep, then with the new prior the decoder alone', () =>
      withModel(built(), async (model) => {
        await model.step(batch, encoderPass)
        await expectWeights(model, { ...weights, ...encoder_step.weights_after }, encoderOnly(golden.grad), file)

        model.beginSweep(2, ENCODER_SWEEPS)
        const { losses, gradients } = model.differentiate(batch, decoderPass)
        try {
          expectLoss(await losses.nll!.data(), -decoder_step.loss.mll, file, 'nll')
          expectLoss(await losses.kl!.data(), decoder_step.loss.kld, file, 'kl')
          await expectGradients(gradients, decoder_step.grad, file)
        } finally {
          disposeDifferentiated({ losses, gradients })
        }
        await model.step(batch, decoderPass)
        const after = { ...encoder_step.weights_after, ...decoder_step.weights_after }
        await expectWeights(model, after, { ...encoderOnly(golden.grad), ...decoder_step.grad }, file)
      }))

    it('gives the same logits for the same pass after any later sweep', () =>
      withModel(built(), async (model) => {
        const first = await logitsOf(model, golden.inputs, encoderPass)
        model.beginSweep(2, ENCODER_SWEEPS)
        expect(await logitsOf(model, golden.inputs, encoderPass)).toEqual(first)
      }))

    it('is an epoch of three encoder sweeps and one decoder sweep', () =>
      withModel(built(), async (model) => {
        expect(model.sweeps).toBe(ENCODER_SWEEPS + 1)
      }))
  })
})
