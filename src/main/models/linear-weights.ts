import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../compute/parameter'
import type { LinearPath } from './model'

/** Contributions of a weight stored as [source, target]: its score of a target is Σ over the history of W[source, target]. */
export class LinearWeights implements LinearPath {
  constructor(private readonly weight: Parameter) {}

  async contributions(target: number, history: ArrayLike<number>): Promise<Float32Array> {
    if (history.length === 0) return new Float32Array(0)
    const positions = Int32Array.from({ length: 2 * history.length }, (_, i) =>
      i % 2 === 0 ? (history[i / 2] ?? 0) : target,
    )
    const gathered = tf.tidy(() =>
      tf.gatherND(this.weight.read(), tf.tensor2d(positions, [history.length, 2], 'int32')),
    )
    try {
      return Float32Array.from(await gathered.data())
    } finally {
      gathered.dispose()
    }
  }
}
