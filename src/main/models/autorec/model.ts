import * as tf from '@tensorflow/tfjs-core'
import type { Built } from '../factory'
import { trainedAlone } from '../gradient-model'
import { dense, denseOfSeen } from '../layers/dense'
import { squared } from '../loss'
import { weightDecay } from '../losses/weight-decay'
import type { Member } from '../member'
import type { AutorecSettings, AutorecShape } from './definition'

/**
 * U-AutoRec (Sedhain, Menon, Sanner & Xie, “AutoRec: Autoencoders Meet Collaborative Filtering”, WWW 2015, eq. 1): h(r) = f(W · g(V r + μ) + b) with
 * g the sigmoid, one autoencoder over users' rows. The paper rates only observed entries; of implicit data every entry is observed, 0 or 1.
 */
export const member = (shape: AutorecShape, { items, parameters }: Built): Member => ({
  kind: 'autorec',
  items,
  parameters,
  forward(weights, input, pass) {
    const h = tf.sigmoid(denseOfSeen(weights, 'enc1', input))
    return {
      logits: [dense(weights, 'dec1', h)],
      penalties: pass ? { l2: { value: weightDecay(weights, ['enc1', 'dec1'], shape.weightDecay), weight: 1 } } : {},
    }
  },
})

/** AutoRec alone, with squared error (eq. 2; mean over rows, so λ is the paper's λ/2 divided by the number of users). */
export const create = trainedAlone<AutorecSettings>(member, ({ output }) => squared(output))
