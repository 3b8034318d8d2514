import * as tf from '@tensorflow/tfjs-core'
import type { Random } from '../../numeric/random'
import { matrix, type ParameterList, type Weights } from './parameters'

const NAME = 'pseudo.U'
/** Of the initial draws, as in H+Vamp's code: near an empty history, and each somewhat different. */
const MEAN = 0.05
const DEVIATION = 0.01

/** `pseudo.U` [K, items]: K trainable histories, whose posteriors together are a VampPrior. */
export function addPseudoInputs(list: ParameterList, count: number, items: number, random: Random): void {
  const draws = random.fork(NAME).normal(count * items)
  list.add(
    NAME,
    tf.tensor2d(
      draws.map((draw) => MEAN + DEVIATION * draw),
      [count, items],
    ),
  )
}

/** u = clamp(U, 0, 1) [K, items]; no gradient flows to an entry beyond either end. */
export const pseudoInputs = (weights: Weights): tf.Tensor2D => tf.clipByValue(matrix(weights, NAME), 0, 1)
