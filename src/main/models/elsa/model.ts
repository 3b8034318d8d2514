import * as tf from '@tensorflow/tfjs-core'
import { product } from '../../compute/matrix-product'
import type { Parameter } from '../../compute/parameter'
import { denseRows, multiplySparse } from '../../compute/sparse-rows'
import type { Built } from '../factory'
import { trainedAlone } from '../gradient-model'
import { matrix } from '../layers/weights'
import { onlyParameter } from '../linear-weights'
import { focal, type ReconstructionLoss } from '../loss'
import { cosineLoss } from '../losses/regression'
import type { Member } from '../member'
import type { Contributions } from '../model'
import type { ElsaSettings, ElsaShape } from './definition'

/** Floor of a squared norm, as in Keras's l2 normalisation. */
const FLOOR = 1e-12

/** Each row divided by its norm: [rows, dimension]. */
const normalised = (rows: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(rows, tf.rsqrt(tf.maximum(tf.sum(tf.square(rows), 1, true), FLOOR)))

/**
 * ELSA (Vančura et al., RecSys 2022): scores x(AAᵀ − I) with the rows of A, one for each item, of length 1, so that the diagonal of AAᵀ − I is 0.
 * Steps change `elsa.A`, whose rows may have any length; they are normalised before every use. No matrix [items, items] is ever made.
 */
export const member = (_shape: ElsaShape, { items, parameters }: Built): Member => ({
  kind: 'elsa',
  items,
  parameters,
  forward(weights, input) {
    const a = normalised(matrix(weights, 'elsa.A'))
    const user = multiplySparse(input, a)
    return { logits: [tf.sub(product(user, tf.transpose(a)), denseRows(input))], penalties: {} }
  },
  contributions: contributionsBy(onlyParameter(parameters)),
})

/** Of item j of the history to a target t ≠ j: a_j · a_t, the cosine of both. */
const contributionsBy =
  (vectors: Parameter): Contributions =>
  async (target, history) => {
    if (history.length === 0) return new Float32Array(0)
    const cosines = tf.tidy(() => {
      const chosen = tf.tensor1d([...Array.from(history), target], 'int32')
      const rows = normalised(tf.gather(vectors.read() as tf.Tensor2D, chosen))
      return tf.sum(tf.mul(tf.slice(rows, 0, history.length), tf.slice(rows, history.length, 1)), 1)
    })
    try {
      const added = Float32Array.from(await cosines.data<'float32'>())
      return added.map((cosine, at) => (history[at] === target ? 0 : cosine))
    } finally {
      cosines.dispose()
    }
  }

/** 1 − cos(scores, target): half of the paper's ‖scores/‖scores‖ − target/‖target‖‖², whose minimum is the same. */
const cosine: ReconstructionLoss = {
  name: 'cosine',
  output: 'identity',
  of: ([scores, ...others], target) => {
    if (!scores || others.length > 0) throw new RangeError('ELSA alone gives one list of scores')
    return cosineLoss(denseRows(target), scores)
  },
}

/** ELSA alone. */
export const create = trainedAlone<ElsaSettings>(member, (settings) =>
  settings.loss === 'cosine' ? cosine : focal(settings),
)
