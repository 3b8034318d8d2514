import * as tf from '@tensorflow/tfjs-core'
import { denseRows, entryPositions, type SparseRows } from '../../compute/sparse-rows'
import { withGradient } from '../../compute/with-gradient'

/**
 * Multinomial negative log-likelihood (Liang et al., 2018, eq. 2): mean over rows of −Σ_i x_i log softmax(z)_i. A row without a target costs 0.
 *
 * With n_r targets in row r that is (Σ_r n_r·logsumexp(z_r) − Σ_targets z)/rows: only the targets' logits are gathered, and nothing
 * overflows, because logsumexp takes the largest logit out first. Its gradient is (n_r·softmax(z_r) − x_r)/rows.
 *
 * @param logits [rows, items]
 * @param target binary [rows, items]
 */
export function multinomialLoss(logits: tf.Tensor2D, target: SparseRows): tf.Scalar {
  const { rows, offsets } = target.csr
  return withGradient<tf.Scalar>([logits], (save) => {
    const counts = tf.tensor2d(
      Float32Array.from({ length: rows }, (_, r) => (offsets[r + 1] ?? 0) - (offsets[r] ?? 0)),
      [rows, 1],
    )
    const logNormal = tf.logSumExp(logits, 1, true)
    save([logits, logNormal, counts])
    const atTargets = tf.sum(tf.gatherND(logits, entryPositions(target)))
    return {
      value: tf.div(tf.sub(tf.sum(tf.mul(counts, logNormal)), atTargets), rows),
      gradient: (dy, [z, logNormalOf, countsOf]) => {
        if (!z || !logNormalOf || !countsOf) throw new Error('multinomialLoss saved too little')
        const expected = tf.mul(tf.exp(tf.sub(z, logNormalOf)), countsOf)
        return [tf.mul(tf.sub(expected, denseRows(target)), tf.div(dy, rows))]
      },
    }
  })
}

/** The largest log-probability below 0 that float32 tells from it. */
const LARGEST = -(2 ** -24)

/**
 * The logit of each item's softmax probability, z_i − log Σ_{j≠i} e^{z_j}: its sigmoid is softmax(z)_i. [rows, items]
 *
 * log p = z − logsumexp(z) and logit = log p − log(1 − p) with 1 − p = −expm1(log p); a p that float32 cannot tell from 1 counts as 1 − 2⁻²⁴.
 */
export function softmaxAsLogits(logits: tf.Tensor2D): tf.Tensor2D {
  const logP = tf.minimum(tf.sub(logits, tf.logSumExp(logits, 1, true)), LARGEST)
  return tf.sub(logP, tf.log(tf.neg(tf.expm1(logP))))
}
