import * as tf from '@tensorflow/tfjs-core'
import type { Built } from '../factory'
import { trainedAlone } from '../gradient-model'
import { dense } from '../layers/dense'
import { denseOfScaled, normalisedRows } from '../layers/normalised-input'
import { multinomial } from '../loss'
import { weightDecay } from '../losses/weight-decay'
import type { Member } from '../member'
import type { MultDaeSettings, MultDaeShape } from './definition'

/**
 * Mult-DAE (Liang et al., “Variational Autoencoders for Collaborative Filtering”, 2018, section 2.2.1): I → H → I with tanh, a denoising autoencoder
 * trained by multinomial likelihood; the input is L2-normalised, then dropped out.
 */
export const member = (shape: MultDaeShape, { items, parameters }: Built): Member => ({
  kind: 'mult-dae',
  items,
  parameters,
  forward(weights, input, pass) {
    const dropout = pass && { noise: pass.noise, rate: shape.dropout }
    const h = tf.tanh(denseOfScaled(weights, 'enc1', normalisedRows(input, dropout)))
    return {
      logits: [dense(weights, 'dec1', h)],
      penalties: pass ? { l2: { value: weightDecay(weights, ['enc1', 'dec1'], shape.weightDecay), weight: 1 } } : {},
    }
  },
})

/** Mult-DAE alone. */
export const create = trainedAlone<MultDaeSettings>(member, () => multinomial)
