import * as tf from '@tensorflow/tfjs-core'
import { kernelBackend } from '../compute/native-kernels'
import { onSparseTape, SparseTape, sumOfGradients, type Gradient } from '../compute/sparse-gradient'
import type { Weights } from './layers/weights'
import type { Penalty } from './member'

export interface Differentiated {
  /** The value of each term, and their weighted sum, `total`. */
  readonly losses: Record<string, tf.Scalar>
  /** By parameter name. */
  readonly gradients: Record<string, Gradient>
}

/**
 * Computes the loss terms and the gradient of their weighted sum with respect to the named weights; all other weights are constants. With our own
 * kernels, the gradient of a weight that is only multiplied by sparse rows stays sparse.
 *
 * The result survives any surrounding `tidy`: the caller disposes it.
 */
export function differentiate(
  weights: Weights,
  names: readonly string[],
  terms: (weights: Weights) => Record<string, Penalty>,
): Differentiated {
  const variables = names.map((name) => {
    const weight = weights.get(name)
    if (!weight) throw new Error(`no weight is named ${name}`)
    return weight
  })
  const tape = kernelBackend() ? new SparseTape(variables) : null
  let losses: Record<string, tf.Scalar> = {}
  const total = (): tf.Scalar => {
    const evaluated = terms(weights)
    // Kept, because the forward pass disposes everything that it does not return.
    losses = Object.fromEntries(Object.entries(evaluated).map(([name, { value }]) => [name, tf.keep(tf.clone(value))]))
    return tf.addN<tf.Scalar>(
      Object.values(evaluated).map(({ value, weight }) => (weight === 1 ? value : tf.mul(value, weight))),
    )
  }
  // Like tf.valueAndGrads, but that function rejects weights that are not on its tape: those are on the sparse tape.
  const { value, grads } = tf
    .engine()
    .gradients(() => onSparseTape(tape, total), [...variables, ...(tape ? [tape.probe] : [])], undefined, true)
  const gradients = names.map((name, i) => {
    const dense: tf.Tensor | undefined = grads[i]
    const sparse = variables[i] && tape?.gradientOf(variables[i])
    if (!dense && !sparse) throw new Error(`the loss does not depend on ${name}`)
    if (dense) tf.keep(dense)
    return [name, dense && sparse ? sumOfGradients(dense, sparse) : (dense ?? sparse)] as const
  })
  tf.dispose([grads[variables.length] ?? [], tape?.probe ?? []])
  return {
    losses: { ...losses, total: tf.keep(value) },
    gradients: Object.fromEntries(gradients) as Record<string, Gradient>,
  }
}

export function disposeDifferentiated({ losses, gradients }: Differentiated): void {
  tf.dispose(losses)
  for (const gradient of Object.values(gradients)) gradient.dispose()
}
