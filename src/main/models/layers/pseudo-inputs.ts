import * as tf from '@tensorflow/tfjs-core'
import { PSEUDO_INPUTS } from '../shapes'
import { matrix, type Weights } from './weights'

/** u = clamp(U, 0, 1) [K, items]; no gradient flows to an entry beyond either end. */
export const pseudoInputs = (weights: Weights): tf.Tensor2D => tf.clipByValue(matrix(weights, PSEUDO_INPUTS), 0, 1)
