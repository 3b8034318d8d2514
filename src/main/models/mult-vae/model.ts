import * as tf from '@tensorflow/tfjs-core'
import type { Built } from '../factory'
import { trainedAlone } from '../gradient-model'
import { dense } from '../layers/dense'
import { denseOfScaled, normalisedRows } from '../layers/normalised-input'
import { reparametrised } from '../layers/reparametrise'
import { multinomial } from '../loss'
import { summedKl } from '../losses/kl'
import type { Member } from '../member'
import type { MultVaeSettings, MultVaeShape } from './definition'

/**
 * Mult-VAE^PR (Liang et al., “Variational Autoencoders for Collaborative Filtering”, 2018): I → H → (μ, log σ²) → H → I with tanh, partially
 * regularised: multinomial likelihood plus β·KL (eq. 8) with β annealed from 0 to its cap (section 2.2.2). The input is L2-normalised, then dropped out.
 */
export const member = (shape: MultVaeShape, { items, parameters }: Built): Member => ({
  kind: 'mult-vae',
  items,
  parameters,
  forward(weights, input, pass) {
    const dropout = pass && { noise: pass.noise, rate: shape.dropout }
    const h = tf.tanh(denseOfScaled(weights, 'enc1', normalisedRows(input, dropout)))
    const mu = dense(weights, 'mu', h)
    // Inference needs neither log σ² nor ε: z = μ.
    const logVariance = pass ? dense(weights, 'logvar', h) : null
    const z = logVariance && pass ? reparametrised(mu, logVariance, pass.noise) : mu
    const d = tf.tanh(dense(weights, 'dec1', z))
    return {
      logits: [dense(weights, 'dec2', d)],
      penalties:
        logVariance && pass ? { kl: { value: summedKl(mu, logVariance), weight: betaAt(shape, pass.step) } } : {},
    }
  },
})

/** As in the authors' code: min(cap, steps done / annealing steps). */
const betaAt = ({ beta, annealSteps }: MultVaeShape, step: number): number => Math.min(beta, step / annealSteps)

/** Mult-VAE alone. */
export const create = trainedAlone<MultVaeSettings>(member, () => multinomial)
