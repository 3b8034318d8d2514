import * as tf from '@tensorflow/tfjs-core'
import type { Csr } from '../numeric/csr'
import { attribute, nativeBackend } from './native-ops'

/** The entries of sparse rows, item after item. */
export interface EntriesByColumn {
  /** [columns + 1], ascending, first 0. */
  readonly offsets: Int32Array
  /** [entries]: the row of each entry, ascending within a column. */
  readonly rows: Int32Array
}

/** The entries sorted by column, then row: a counting sort. */
export function entriesByColumn(csr: Csr): EntriesByColumn {
  const entries = csr.offsets[csr.rows] ?? 0
  const offsets = new Int32Array(csr.columns + 1)
  for (let e = 0; e < entries; e++) offsets[(csr.indices[e] ?? 0) + 1]!++
  for (let c = 0; c < csr.columns; c++) offsets[c + 1]! += offsets[c] ?? 0
  const next = offsets.slice()
  const rows = new Int32Array(entries)
  for (let r = 0; r < csr.rows; r++)
    for (let e = csr.offsets[r] ?? 0; e < (csr.offsets[r + 1] ?? 0); e++) rows[next[csr.indices[e] ?? 0]!++] = r
  return { offsets, rows }
}

/** [entries]: the segment (row or column) of each entry. */
export function segmentOfEntry(offsets: Int32Array): Int32Array {
  const segments = new Int32Array(offsets.at(-1) ?? 0)
  for (let s = 0; s + 1 < offsets.length; s++) segments.fill(s, offsets[s], offsets[s + 1])
  return segments
}

/**
 * Row s of the result is Σ data[indices[e]] over the entries e with segments[e] = s (ascending); zero if there is none. [count, width].
 * Each is summed by one thread in a fixed order, so results repeat. Needs the native backend.
 */
export function sumOfRows(data: tf.Tensor2D, indices: tf.Tensor1D, segments: tf.Tensor1D, count: number): tf.Tensor2D {
  const backend = nativeBackend()
  if (!backend) throw new Error('sumOfRows needs the native backend')
  return tf.tidy(
    () =>
      backend.executeSingleOutput(
        'SparseSegmentSumWithNumSegments',
        [
          attribute.floatType(backend, 'T'),
          attribute.intType(backend, 'Tidx'),
          attribute.intType(backend, 'Tnumsegments'),
          attribute.intType(backend, 'Tsegmentids'),
        ],
        [data, indices, segments, tf.scalar(count, 'int32')],
      ) as tf.Tensor2D,
  )
}

/** xᵀ · dy [columns, width] for binary sparse x [rows, columns] and dy [rows, width]. Needs the native backend. */
export function transposedProduct(x: Csr, dy: tf.Tensor2D): tf.Tensor2D {
  const { rows, offsets } = entriesByColumn(x)
  return tf.tidy(() =>
    sumOfRows(dy, tf.tensor1d(rows, 'int32'), tf.tensor1d(segmentOfEntry(offsets), 'int32'), x.columns),
  )
}
