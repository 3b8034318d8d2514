import * as tf from '@tensorflow/tfjs-core'
import type { Built } from '../factory'
import { trainedAlone } from '../gradient-model'
import { dense } from '../layers/dense'
import { gated, gatedOfScaled } from '../layers/gated'
import { normalisedRows, type InputDropout } from '../layers/normalised-input'
import { centredPosterior, posterior } from '../layers/posterior'
import { pseudoInputs } from '../layers/pseudo-inputs'
import { sampled } from '../layers/reparametrise'
import { vector, type Weights } from '../layers/weights'
import { multinomial } from '../loss'
import { logDensity, type Gaussian } from '../losses/gaussian'
import { logVampPrior } from '../losses/vamp-prior'
import type { Member } from '../member'
import type { HVampSettings, HVampShape } from './definition'

/**
 * H+Vamp Gated (Kim & Suh, RecSys 2019): a variational autoencoder with two stochastic layers, z2 above z1, gated linear layers throughout,
 * and as prior of z2 the mean of the posteriors of K trainable pseudo-inputs (VampPrior).
 */
export const member = (shape: HVampShape, { items, parameters }: Built): Member => ({
  kind: 'hvamp',
  items,
  parameters,
  forward(weights, input, pass) {
    const dropout = pass && { noise: pass.noise, rate: shape.dropout }
    // q(z2|x): each of the two encoders drops its own entries.
    const qZ2 = posterior2(weights, gatedOfScaled(weights, 'q_z2.1', normalisedRows(input, dropout)))
    const sample2 = pass && sampled(qZ2, pass.noise)
    const z2 = tf.add<tf.Tensor2D>(sample2?.z ?? qZ2.mean, vector(weights, 'q_z2.mean.b'))
    // q(z1|x, z2)
    const ofX = gatedOfScaled(weights, 'q_z1.x', normalisedRows(input, dropout))
    const qZ1 = posterior(
      weights,
      'q_z1.mean',
      'q_z1.logvar',
      gatedPair(weights, 'q_z1.joint', ofX, gated(weights, 'q_z1.z2', z2)),
    )
    const sample1 = pass && sampled(qZ1, pass.noise)
    const z1 = sample1?.z ?? qZ1.mean
    // p(x|z1, z2)
    const h = gatedPair(weights, 'p_x.joint', gated(weights, 'p_x.z1', z1), gated(weights, 'p_x.z2', z2))
    const logits = [dense(weights, 'p_x.out', h)]
    if (!pass || !dropout || !sample1 || !sample2) return { logits, penalties: {} }

    // p(z1|z2)
    const pZ1 = posterior(weights, 'p_z1.mean', 'p_z1.logvar', gated(weights, 'p_z1.2', gated(weights, 'p_z1.1', z2)))
    const logQ = tf.sum(tf.add(sample1.logDensities, sample2.logDensities), 1)
    const logP = tf.add(logDensity(z1, pZ1), logVampPrior(sample2.z, pseudoPosteriors(weights, dropout)))
    return { logits, penalties: { kl: { value: tf.mean(tf.sub(logQ, logP)), weight: betaIn(shape, pass.epoch) } } }
  },
})

/** q(z2|u_k) of the pseudo-inputs, which are dropped out but not normalised. */
function pseudoPosteriors(weights: Weights, { noise, rate }: InputDropout): Gaussian {
  const u = pseudoInputs(weights)
  const dropped = rate === 0 ? u : tf.mul<tf.Tensor2D>(u, tf.div(noise.mask(...u.shape, 1 - rate), 1 - rate))
  return posterior2(weights, gated(weights, 'q_z2.1', dropped))
}

/** β grows linearly over the warm-up epochs, beginning with the first. */
const betaIn = ({ beta, warmUp }: HVampShape, epoch: number): number =>
  warmUp === 0 ? beta : beta * Math.min(1, epoch / warmUp)

/** The gated layer of two concatenated inputs. */
const gatedPair = (weights: Weights, name: string, a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D =>
  gated(weights, name, tf.concat([a, b], 1))

/** q(z2|·) from the first gated layer's output, centred. */
const posterior2 = (weights: Weights, first: tf.Tensor2D): Gaussian =>
  centredPosterior(weights, 'q_z2.mean', 'q_z2.logvar', gated(weights, 'q_z2.2', first))

/** H+Vamp Gated alone, trained by multinomial likelihood. */
export const create = trainedAlone<HVampSettings>(member, () => multinomial)
