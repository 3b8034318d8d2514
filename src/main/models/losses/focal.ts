import * as tf from '@tensorflow/tfjs-core'
import { kernelBackend } from '../../compute/native-kernels'
import { attribute, type NativeBackend } from '../../compute/native-ops'
import { entryPositions, type SparseRows } from '../../compute/sparse-rows'
import { withGradient } from '../../compute/with-gradient'

export interface FocalSettings {
  /** Weight of positives; negatives weigh 1 − α. */
  readonly alpha: number
  readonly gamma: number
}

/** Below log p = −ln 2 log(1 − p) is taken from p, above from the logits. */
const LOG_HALF = -Math.LN2

/**
 * Focal loss of p = Π σ(z_k) (VASP paper, eq. 10–12): mean over rows of Σ_i α_t (1 − p_t)^γ · −log p_t, with α_t = α and p_t = p if the target is
 * 1, 1 − α and 1 − p elsewhere.
 *
 * Exact in float32 at all logits, without clamping. log p = −Σ softplus(−z_k). 1 − p is a telescoping sum of positive terms, 1 − Πσ_k = Σ_k (1 −
 * σ_k)·Π_{j<k} σ_j, so log(1 − p) = logsumexp_k(−softplus(z_k) − Σ_{j<k} softplus(−z_j)) neither cancels nor underflows, however close p is to 1. The
 * ratios (1 − σ_k)/(1 − p) of the gradient follow from the same sum.
 *
 * @param logits K of them, each [rows, items]
 * @param target binary [rows, items]
 */
export function focalLoss(logits: readonly tf.Tensor2D[], target: SparseRows, settings: FocalSettings): tf.Scalar {
  const kernels = logits.length <= MOST_LISTS ? kernelBackend() : null
  if (kernels) return inOnePass(kernels, logits, target, settings)
  return withGradient<tf.Scalar>(logits, (save) => {
    const { rows } = target.csr
    const positions = entryPositions(target)
    const negative = negativeTerms(logits, settings)
    const positive = positiveTerms(
      logits.map((z) => tf.gatherND(z, positions)),
      settings,
    )
    const combine = (all: tf.Tensor, atPositives: tf.Tensor): tf.Tensor =>
      tf.tensorScatterUpdate(all, positions, atPositives)
    const loss = tf.div(tf.sum(combine(negative.loss, positive.loss)), rows)
    save(
      negative.slopes.map((slope, k) => {
        const atPositives = positive.slopes[k]
        if (!atPositives) throw new Error('a logit has no slope')
        return tf.div(combine(slope, atPositives), rows)
      }),
    )
    return { value: loss as tf.Scalar, gradient: (dy, slopes) => slopes.map((slope) => tf.mul(slope, dy)) }
  })
}

/** Maximum number of logit lists that our own kernel supports. */
const MOST_LISTS = 4

/** With our own kernel: loss and slopes in one pass over the logits. */
const inOnePass = (
  kernels: NativeBackend,
  logits: readonly tf.Tensor2D[],
  target: SparseRows,
  { alpha, gamma }: FocalSettings,
): tf.Scalar =>
  withGradient<tf.Scalar>(logits, (save) => {
    const offsets = tf.tensor1d(target.csr.offsets.subarray(0, target.csr.rows + 1), 'int32')
    const [loss, ...slopes] = kernels.executeMultipleOutputs(
      'VaspFocal',
      [attribute.int(kernels, 'N', logits.length)],
      [...logits, target.columns, offsets, tf.tensor1d([alpha, gamma])],
      logits.length + 1,
    )
    save(slopes)
    return {
      value: loss as tf.Scalar,
      gradient: (dy, saved) => {
        // Usually the loss is the only term: then its slopes are the gradient.
        const factor = dy.dataSync()[0]
        return saved.map((slope) => (factor === 1 ? tf.clone(slope) : tf.mul(slope, dy)))
      },
    }
  })

interface Terms {
  /** Loss of each entry. */
  readonly loss: tf.Tensor
  /** dloss/dz_k of each entry. */
  readonly slopes: tf.Tensor[]
}

/** v^γ; a plain square for the paper's γ = 2. */
const power = (v: tf.Tensor, gamma: number): tf.Tensor => {
  if (gamma === 0) return tf.onesLike(v)
  if (gamma === 1) return v
  return gamma === 2 ? tf.square(v) : tf.pow(v, gamma)
}

/** log σ(z_k) = −softplus(−z_k) of each logit; their sum is log p. */
const logSigmoidsOf = (logits: readonly tf.Tensor[]): tf.Tensor[] => logits.map((z) => tf.neg(tf.softplus(tf.neg(z))))

/** Entries whose target is 1: loss −α(1 − p)^γ log p. */
function positiveTerms(logits: readonly tf.Tensor[], { alpha, gamma }: FocalSettings): Terms {
  const logP = tf.addN(logSigmoidsOf(logits))
  const p = tf.exp(logP)
  const rest = tf.neg(tf.expm1(logP))
  const factor = power(rest, gamma)
  // dL/dlog p = −α((1 − p)^γ − γ(1 − p)^(γ−1) p log p); dlog p/dz_k = σ(−z_k)
  const pull = gamma === 0 ? factor : tf.sub(factor, tf.mul(tf.mul(power(rest, gamma - 1), gamma), tf.mul(p, logP)))
  const dLogP = tf.mul(pull, -alpha)
  return {
    loss: tf.mul(tf.mul(factor, logP), -alpha),
    slopes: logits.map((z) => tf.mul(dLogP, tf.sigmoid(tf.neg(z)))),
  }
}

/** Entries whose target is 0: loss −(1 − α) p^γ log(1 − p). */
function negativeTerms(logits: readonly tf.Tensor[], { alpha, gamma }: FocalSettings): Terms {
  const logSigmoids = logSigmoidsOf(logits)
  const logP = tf.addN(logSigmoids)
  const p = tf.exp(logP)
  const { logRest, restOverRest } = complement(logits, logSigmoids, logP, p)
  const weight = tf.mul(power(p, gamma), 1 - alpha)
  // dL/dz_k = (1 − α) p^γ (p/(1 − p) − γ log(1 − p)) σ(−z_k)
  const logTerm = tf.mul(logRest, -gamma)
  return {
    loss: tf.neg(tf.mul(weight, logRest)),
    slopes: logits.map((z, k) => {
      const ratio = restOverRest[k]
      if (!ratio) throw new Error('a logit has no ratio')
      return tf.mul(weight, tf.add(tf.mul(p, ratio), tf.mul(logTerm, tf.sigmoid(tf.neg(z)))))
    }),
  }
}

/** log(1 − p), and (1 − σ_k)/(1 − p) of each logit; neither loses digits if p is near 0 or 1. */
function complement(
  logits: readonly tf.Tensor[],
  logSigmoids: readonly tf.Tensor[],
  logP: tf.Tensor,
  p: tf.Tensor,
): { logRest: tf.Tensor; restOverRest: tf.Tensor[] } {
  const [only] = logits
  if (logits.length === 1 && only) return { logRest: tf.neg(tf.softplus(only)), restOverRest: [tf.onesLike(only)] }

  /** log(1 − σ_k) */
  const logRests = logits.map((z) => tf.neg(tf.softplus(z)))
  /** log of the terms (1 − σ_k)·Π_{j<k} σ_j */
  const terms: tf.Tensor[] = []
  let before: tf.Tensor | undefined
  for (const [k, logRest] of logRests.entries()) {
    terms.push(before ? tf.add(logRest, before) : logRest)
    const next = logSigmoids[k]
    before = before && next && k < logits.length - 1 ? tf.add(before, next) : (before ?? next)
  }
  const largest = terms.reduce((a, b) => tf.maximum(a, b))
  const sum = tf.addN(terms.map((term) => tf.exp(tf.sub(term, largest))))
  const logRest = tf.where(tf.less(logP, LOG_HALF), tf.log1p(tf.neg(p)), tf.add(largest, tf.log(sum)))
  return { logRest, restOverRest: logRests.map((rest) => tf.div(tf.exp(tf.sub(rest, largest)), sum)) }
}
