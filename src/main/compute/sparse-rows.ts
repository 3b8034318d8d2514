import * as tf from '@tensorflow/tfjs-core'
import type { Csr } from '../numeric/csr'
import { attribute, nativeBackend } from './native-ops'
import { withGradient } from './with-gradient'

/** A batch of binary rows [rows, columns] on the backend, as model input (`multiplySparse`) or as target. */
export interface SparseRows {
  readonly csr: Csr
  /** [entries], int32, row-major: the column of each entry. */
  readonly columns: tf.Tensor1D
  /** [entries], int32, ascending: the row of each entry. */
  readonly rows: tf.Tensor1D
}

/** Puts a batch on the backend. Its tensors belong to the surrounding `tidy`. */
export function sparseRows(csr: Csr): SparseRows {
  return {
    csr,
    columns: tf.tensor1d(csr.indices.subarray(0, csr.offsets[csr.rows]), 'int32'),
    rows: tf.tensor1d(rowOfEntry(csr), 'int32'),
  }
}

/** [entries]: the row of each entry. */
function rowOfEntry(csr: Csr): Int32Array {
  const rows = new Int32Array(csr.offsets[csr.rows] ?? 0)
  for (let r = 0; r < csr.rows; r++) rows.fill(r, csr.offsets[r], csr.offsets[r + 1])
  return rows
}

/** [entries, 2], int32: (row, column) of each entry, the form that scatters and gathers take. */
export const entryPositions = ({ rows, columns }: SparseRows): tf.Tensor2D =>
  tf.stack([rows, columns], 1) as tf.Tensor2D

/** The rows as a dense tensor of zeros and ones [rows, columns], scattered on the backend. */
export function denseRows(x: SparseRows): tf.Tensor2D {
  const { csr } = x
  return tf.tidy(() =>
    tf.scatterND<tf.Rank.R2>(entryPositions(x), tf.onesLike(x.rows).toFloat(), [csr.rows, csr.columns]),
  )
}

/**
 * x · weight for binary sparse x [rows, columns] and dense weight [columns, width] → [rows, width], differentiable in the weight.
 *
 * On native TensorFlow only the weight's rows of seen columns are gathered and added (`SparseSegmentSum`), and the gradient xᵀ · dy is the
 * same sum over the entries sorted by column; each output row is summed by one thread in a fixed order, so results repeat. Elsewhere it is
 * a dense product with the scattered rows.
 */
export function multiplySparse(x: SparseRows, weight: tf.Tensor2D): tf.Tensor2D {
  const { csr } = x
  return withGradient<tf.Tensor2D>([weight], () => ({
    value: nativeBackend()
      ? sumOfRows(weight, x.columns, x.rows, csr.rows)
      : tf.tidy(() => tf.matMul(denseRows(x), weight)),
    // The rows may have been made within the step (dropout), whose tensors are gone by now: they are put on the backend again.
    gradient: (dy) => [
      nativeBackend() ? transposedProduct(csr, dy) : tf.matMul(denseRows(sparseRows(csr)), dy, true, false),
    ],
  }))
}

/** xᵀ · dy [columns, width] by native ops. */
function transposedProduct(csr: Csr, dy: tf.Tensor2D): tf.Tensor2D {
  const { rows, columns } = entriesByColumn(csr)
  return tf.tidy(() => sumOfRows(dy, tf.tensor1d(rows, 'int32'), tf.tensor1d(columns, 'int32'), csr.columns))
}

/** The entries sorted by column, then row: a counting sort. */
function entriesByColumn(csr: Csr): { rows: Int32Array; columns: Int32Array } {
  const entries = csr.offsets[csr.rows] ?? 0
  const next = new Int32Array(csr.columns + 1)
  for (let e = 0; e < entries; e++) next[(csr.indices[e] ?? 0) + 1]!++
  for (let c = 0; c < csr.columns; c++) next[c + 1]! += next[c] ?? 0
  const rows = new Int32Array(entries)
  const columns = new Int32Array(entries)
  for (let r = 0; r < csr.rows; r++)
    for (let e = csr.offsets[r] ?? 0; e < (csr.offsets[r + 1] ?? 0); e++) {
      const column = csr.indices[e] ?? 0
      const place = next[column]!++
      rows[place] = r
      columns[place] = column
    }
  return { rows, columns }
}

/** Row s of the result is Σ data[indices[e]] over the entries e with segments[e] = s (ascending); zero where there is none. [count, width] */
function sumOfRows(data: tf.Tensor2D, indices: tf.Tensor1D, segments: tf.Tensor1D, count: number): tf.Tensor2D {
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
