import * as tf from '@tensorflow/tfjs-core'
import type { Csr } from '../numeric/csr'
import { kernelBackend } from './native-kernels'
import { attribute, nativeBackend } from './native-ops'
import { entryPositions, sparseRows } from './sparse-rows'

/** The best items of each row, [rows, k] row-major, and their number in each row. */
export interface TopItems {
  readonly items: Int32Array
  /** [rows]: fewer than k if fewer are unseen; −1 if the backend cannot tell, so that the row's scores must be read. */
  readonly counts: Int32Array
}

/**
 * The k best unseen items of each row of scores [rows, items], best first, on the backend that has the scores, without copying all of them to
 * JavaScript or sorting rows. Higher first, ties by lower index, NaN last. Null if the backend has no op for it.
 *
 * With our own kernels one pass; elsewhere on native TensorFlow (a GPU) `TopKV2` on a copy in which seen items are −∞ (there scores below 2⁻¹²⁶ count
 * as 0).
 */
export async function topUnseen(scores: tf.Tensor2D, seen: Csr, k: number): Promise<TopItems | null> {
  const most = Math.min(k, scores.shape[1])
  if (most === 0) return { items: new Int32Array(0), counts: new Int32Array(scores.shape[0]) }
  if (kernelBackend()) return byKernel(scores, seen, most)
  return nativeBackend() ? byTopK(scores, seen, most) : null
}

async function byKernel(scores: tf.Tensor2D, seen: Csr, k: number): Promise<TopItems> {
  const outputs = tf.tidy(
    () =>
      kernelBackend()?.executeMultipleOutputs(
        'VaspTopUnseen',
        [],
        [
          scores,
          tf.tensor1d(seen.indices.subarray(0, seen.offsets[seen.rows]), 'int32'),
          tf.tensor1d(seen.offsets, 'int32'),
          tf.scalar(k, 'int32'),
        ],
        2,
      ) ?? [],
  )
  const [items, counts] = await valuesOf(outputs)
  return { items: items as Int32Array, counts: counts as Int32Array }
}

async function byTopK(scores: tf.Tensor2D, seen: Csr, k: number): Promise<TopItems> {
  const outputs = tf.tidy(() => {
    const backend = nativeBackend()
    if (!backend) throw new Error('topUnseen needs the native backend')
    const numbers = tf.where(tf.isNaN(scores), tf.fill(scores.shape, -Infinity), scores)
    const rows = sparseRows(seen)
    const unseen =
      rows.columns.size === 0
        ? numbers
        : backend.executeSingleOutput(
            'TensorScatterUpdate',
            [attribute.floatType(backend, 'T'), attribute.intType(backend, 'Tindices')],
            [numbers, entryPositions(rows), tf.fill(rows.columns.shape, -Infinity)],
          )
    return backend.executeMultipleOutputs(
      'TopKV2',
      [attribute.flag(backend, 'sorted', true), attribute.floatType(backend, 'T')],
      [unseen, tf.scalar(k, 'int32')],
      2,
    )
  })
  const [values, items] = await valuesOf(outputs)
  // An item with −∞ may be seen, or have that score, or not exist: the op cannot tell.
  const counts = Int32Array.from({ length: seen.rows }, (_, r) => (values?.[(r + 1) * k - 1] === -Infinity ? -1 : k))
  return { items: items as Int32Array, counts }
}

async function valuesOf(outputs: tf.Tensor[]): Promise<tf.TypedArray[]> {
  try {
    return await Promise.all(outputs.map((output) => output.data()))
  } finally {
    tf.dispose(outputs)
  }
}
