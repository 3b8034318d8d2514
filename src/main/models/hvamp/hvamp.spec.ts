import * as tf from '@tensorflow/tfjs-core'
import { describe, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import { expectForward, goldenModel, onEachComputePath, withModel } from '../../../../test/fixtures/golden-model'
import { draws, hvampCase, readCase, widthsOf, type HVampCase } from '../../../../test/fixtures/oracle'
import type { Intermediates } from '../../../../test/fixtures/recorded-pass'
import { batchOf, expectGradients, expectWeights, noiseOf } from '../../../../test/fixtures/oracle-model'
import { expectLoss } from '../../../../test/fixtures/rounding'
import { disposeDifferentiated } from '../differentiate'
import type { GradientModel } from '../gradient-model'
import { LOG_2_PI } from '../losses/gaussian'

const WARM_UP = 10
/** The two calls of q(z2|·) in a pass. */
const [OF_HISTORIES, OF_PSEUDO_INPUTS] = [0, 1]

/** The case keeps the bias of q(z2)'s means, which the model adds to z2 alone, and leaves out the constants of log-densities. */
function intermediatesOf({ weights, forward }: HVampCase): Intermediates {
  const [, latent = 0] = forward['z2']!.shape
  const withBias = (mean: tf.Tensor): tf.Tensor => tf.add(mean, weights['q_z2.mean.b']!.data)
  const withoutConstant = (logDensity: tf.Tensor): tf.Tensor => tf.add(logDensity, (latent / 2) * LOG_2_PI)
  return {
    q_z2_mean: (pass) => withBias(pass.posterior('q_z2.mean', OF_HISTORIES).mean),
    q_z2_logvar: (pass) => pass.posterior('q_z2.mean', OF_HISTORIES).logVariance,
    z2: (pass) => pass.input('q_z1.z2.h'),
    q_z1_mean: (pass) => pass.posterior('q_z1.mean').mean,
    q_z1_logvar: (pass) => pass.posterior('q_z1.mean').logVariance,
    z1: (pass) => pass.input('p_x.z1.h'),
    p_z1_mean: (pass) => pass.posterior('p_z1.mean').mean,
    p_z1_logvar: (pass) => pass.posterior('p_z1.mean').logVariance,
    pseudo_mean: (pass) => withBias(pass.posterior('q_z2.mean', OF_PSEUDO_INPUTS).mean),
    pseudo_logvar: (pass) => pass.posterior('q_z2.mean', OF_PSEUDO_INPUTS).logVariance,
    log_q_z2: (pass) => withoutConstant(pass.logQ(0)),
    log_q_z1: (pass) => withoutConstant(pass.logQ(1)),
    log_p_z2: (pass) => withoutConstant(pass.logVampPrior()),
    log_p_z1: (pass) => withoutConstant(pass.logDensity()),
  }
}

onEachComputePath(() => {
  describe.each(draws.map((draw) => `${draw}hvamp-gated`))('%s', (file) => {
    const golden = readCase(file, hvampCase)
    const { hyper, noise } = golden
    const batch = batchOf(golden.inputs)
    /** After the warm-up. */
    const pass = {
      step: 0,
      epoch: WARM_UP,
      sweep: 0,
      noise: noiseOf({
        normal: [noise.epsilon_z2, noise.epsilon_z1],
        kept: [noise.keep_z2, noise.keep_z1],
        masks: [noise.keep_pseudo],
      }),
    }
    const built = (): Promise<GradientModel> => {
      const own = { pseudoInputs: 3, dropout: hyper.dropout, beta: hyper.beta, warmUp: WARM_UP }
      return goldenModel('hvamp', { ...widthsOf(file), ...own }, batch.input.columns, golden.weights)
    }

    it('gives the intermediates and logits while training and at inference', () =>
      withModel(built(), (model) =>
        expectForward(model, golden, pass, file, { logits: ['logits'], intermediates: intermediatesOf(golden) }),
      ))

    it('gives the loss terms and the gradient of every weight', () =>
      withModel(built(), async (model) => {
        const { losses, gradients } = model.differentiate(batch, pass)
        try {
          expectLoss(await losses.nll!.data(), -golden.loss.log_likelihood, file, 'nll')
          expectLoss(await losses.kl!.data(), golden.loss.kl, file, 'kl')
          expectLoss(await losses.total!.data(), golden.loss.total, file, 'total')
          await expectGradients(gradients, golden.grad, file)
        } finally {
          disposeDifferentiated({ losses, gradients })
        }
      }))

    it('moves every weight as Adam on normalised gradients does, after 1 and 3 steps', () =>
      withModel(built(), async (model) => {
        const { spec, weights_after_1, weights_after_3 } = golden.optimisers.adam_norm_grad
        model.beginStage({ learningRate: spec.lr, epochs: 1 })
        await model.step(batch, pass)
        await expectWeights(model, weights_after_1, golden.grad, file)
        await model.step(batch, pass)
        await model.step(batch, pass)
        await expectWeights(model, weights_after_3, golden.grad, file)
      }))

    it('weighs the KL term more with every epoch of the warm-up', () =>
      withModel(built(), async (model) => {
        const betas: number[] = []
        for (const epoch of [1, 5, 10, 11]) {
          const { losses, gradients } = model.differentiate(batch, { ...pass, epoch })
          try {
            const [nll, kl, total] = await Promise.all(
              [losses.nll, losses.kl, losses.total].map((loss) => loss!.array()),
            )
            betas.push((Number(total) - Number(nll)) / Number(kl))
          } finally {
            disposeDifferentiated({ losses, gradients })
          }
        }
        expectClose(betas, [0.03, 0.15, 0.3, 0.3], { relative: 1e-4 }, 'β')
      }))
  })
})
