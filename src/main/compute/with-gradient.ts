import * as tf from '@tensorflow/tfjs-core'

/** Keeps tensors of the forward pass for the backward one; returns them in the same order to `gradient`. */
export type Save = (tensors: tf.Tensor[]) => void

/**
 * An operation with its own gradient, as tfjs's autodiff sees it.
 *
 * @param inputs the tensors to differentiate with respect to
 * @param forward computes the value. Tensors of the forward pass that `gradient` needs must be passed to `save`; tensors created before the step (a
 * batch's rows) can be captured
 * @returns the value; `gradient(dy, saved)` gives one tensor per input, of the input's shape
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (save: Save) => { value: T; gradient: (dy: T, saved: tf.Tensor[]) => tf.Tensor[] },
): T {
  const operation = tf.customGrad<T>((...args) => {
    const save = args.at(-1)
    if (typeof save !== 'function') throw new TypeError('tfjs gave no function to save tensors with')
    const { value, gradient } = forward(save)
    return {
      value,
      gradFunc: (dy, saved) => {
        const gradients = gradient(dy, saved)
        const [only] = gradients
        return gradients.length === 1 && only ? only : gradients
      },
    }
  })
  return operation(...inputs)
}
