import * as tf from '@tensorflow/tfjs-core'
import type { Built } from '../factory'
import { trainedAlone } from '../gradient-model'
import { connectedStack } from '../layers/connected-stack'
import { dense, denseOfSeen } from '../layers/dense'
import { centredPosterior } from '../layers/posterior'
import { pseudoInputs } from '../layers/pseudo-inputs'
import { reparametrised, sampled } from '../layers/reparametrise'
import { vector, type Weights } from '../layers/weights'
import { focal } from '../loss'
import { meanKl } from '../losses/kl'
import { logVampPrior } from '../losses/vamp-prior'
import type { Member } from '../member'
import type { Noise } from '../noise'
import type { FlvaeSettings, FlvaeShape } from './definition'

/**
 * Focal-loss variational autoencoder (VASP paper, section III-B, figure 1): densely connected encoder → μ, log σ² → z → densely connected
 * decoder → one or two output heads. No dropout, no input normalisation.
 */
export const member = (shape: FlvaeShape, { items, parameters }: Built): Member => ({
  kind: 'flvae',
  items,
  parameters,
  forward(weights, input, pass) {
    const h7 = connectedStack(weights, 'enc', shape.encoderDepth, denseOfSeen(weights, 'enc1', input))
    // Inference needs neither log σ² nor ε: z = μ.
    const sampled = pass && draw(weights, shape, h7, pass.noise)
    const z = sampled?.z ?? dense(weights, 'mu', h7)
    const h5 = connectedStack(weights, 'dec', shape.decoderDepth, dense(weights, 'dec1', z))
    const headA = dense(weights, 'headA', h5)
    return {
      // 2: σ(A h₅ + a) ⊙ σ(C z + c), the authors' code. 1: σ(A h₅ + a), the paper's wording.
      logits: shape.heads === '2' ? [headA, dense(weights, 'headC', z)] : [headA],
      penalties: sampled ? { kl: { value: sampled.kl, weight: 1 } } : {},
    }
  },
})

/** A step's z [rows, latent] and its KL term. */
interface Sampled {
  readonly z: tf.Tensor2D
  readonly kl: tf.Scalar
}

function draw(weights: Weights, shape: FlvaeShape, h7: tf.Tensor2D, noise: Noise): Sampled {
  if (shape.prior === 'vamp') return drawAgainstPseudoInputs(weights, shape, h7, noise)
  const [mu, logVariance] = [dense(weights, 'mu', h7), dense(weights, 'logvar', h7)]
  return { z: reparametrised(mu, logVariance, noise), kl: meanKl(mu, logVariance) }
}

/** With one sample log q(z|x) − log p(z), mean over rows and, as the other KL of this model, over latent dimensions. */
function drawAgainstPseudoInputs(weights: Weights, shape: FlvaeShape, h7: tf.Tensor2D, noise: Noise): Sampled {
  const ofPseudo = connectedStack(weights, 'enc', shape.encoderDepth, dense(weights, 'enc1', pseudoInputs(weights)))
  const sample = sampled(centredPosterior(weights, 'mu', 'logvar', h7), noise)
  const logPrior = logVampPrior(sample.z, centredPosterior(weights, 'mu', 'logvar', ofPseudo))
  const logRatio = tf.sub(tf.sum(sample.logDensities, 1), logPrior)
  return { z: tf.add(sample.z, vector(weights, 'mu.b')), kl: tf.div(tf.mean(logRatio), shape.latent) }
}

/** FLVAE alone. */
export const create = trainedAlone<FlvaeSettings>(member, focal)
