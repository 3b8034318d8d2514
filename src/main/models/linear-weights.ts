import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { Contributions } from './model'

/** Contributions by a weight stored as [source, target]: a score of a target is Σ over the history of W[source, target]. */
export const contributionsBy =
  (weight: Parameter): Contributions =>
  async (target, history) => {
    if (history.length === 0) return new Float32Array(0)
    const positions = Int32Array.from({ length: 2 * history.length }, (_, i) =>
      i % 2 === 0 ? (history[i / 2] ?? 0) : target,
    )
    const gathered = tf.tidy(() => tf.gatherND(weight.read(), tf.tensor2d(positions, [history.length, 2], 'int32')))
    try {
      return Float32Array.from(await gathered.data())
    } finally {
      gathered.dispose()
    }
  }

/** Returns the only parameter of a model. */
export function onlyParameter(parameters: ReadonlyMap<string, Parameter>): Parameter {
  const [only, ...others] = parameters.values()
  if (!only || others.length > 0) throw new RangeError('this model has one parameter')
  return only
}
