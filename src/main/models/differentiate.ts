import * as tf from '@tensorflow/tfjs-core'
import type { Weights } from './layers/parameters'
import type { Penalty } from './member'

export type Differentiated = {
  /** The parts' values, and the weighted sum of them, `total`. */
  losses: Record<string, tf.Scalar>
  /** By parameter name. */
  gradients: Record<string, tf.Tensor>
}

/**
 * Evaluates loss parts and the gradient of their weighted sum with respect to the named weights; the others are constants.
 * Called inside a `tidy` that returns the result, which the caller disposes.
 */
export function differentiate(
  weights: Weights,
  names: readonly string[],
  parts: (weights: Weights) => Record<string, Penalty>,
): Differentiated {
  const variables = names.map((name) => {
    const weight = weights.get(name)
    if (!weight) throw new Error(`no weight is named ${name}`)
    return weight
  })
  let kept: Record<string, tf.Scalar> = {}
  const { value, grads } = tf.valueAndGrads(() => {
    const evaluated = parts(weights)
    // Kept past the end of the forward pass, which disposes all it does not return.
    kept = Object.fromEntries(Object.entries(evaluated).map(([name, { value }]) => [name, tf.keep(tf.clone(value))]))
    return tf.addN<tf.Scalar>(
      Object.values(evaluated).map(({ value, weight }) => (weight === 1 ? value : tf.mul(value, weight))),
    )
  })(variables)
  const gradients = Object.fromEntries(names.map((name, i) => [name, required(grads[i], name)]))
  return { losses: { ...kept, total: value }, gradients }
}

function required(gradient: tf.Tensor | undefined, name: string): tf.Tensor {
  if (!gradient) throw new Error(`the loss does not depend on ${name}`)
  return gradient
}
