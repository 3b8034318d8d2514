import * as tf from '@tensorflow/tfjs-core'
import { product } from '../../compute/matrix-product'
import type { Gaussian } from '../losses/gaussian'
import { dense } from './dense'
import { matrix, type Weights } from './weights'

/** Bounds of log σ², as in H+Vamp's code: without them the variance of a VampPrior's component can approach 0. */
const LOG_VARIANCE_MIN = -12
const LOG_VARIANCE_MAX = 4

/** The heads for μ and log σ² of a layer's output h [rows, hidden]; log σ² is clamped, without gradient beyond either end. */
export const posterior = (weights: Weights, mean: string, logVariance: string, h: tf.Tensor2D): Gaussian => ({
  mean: dense(weights, mean, h),
  logVariance: clamped(dense(weights, logVariance, h)),
})

/**
 * The same without μ's bias. Under a VampPrior the bias shifts z and all components equally, so it cancels in their difference. If it were included,
 * float32 would lose the gradient at small variances, because large terms would have to cancel. Add the bias to z for the decoder.
 */
export const centredPosterior = (weights: Weights, mean: string, logVariance: string, h: tf.Tensor2D): Gaussian => ({
  mean: product(h, matrix(weights, `${mean}.W`)),
  logVariance: clamped(dense(weights, logVariance, h)),
})

const clamped = (logVariance: tf.Tensor2D): tf.Tensor2D =>
  tf.clipByValue(logVariance, LOG_VARIANCE_MIN, LOG_VARIANCE_MAX)
