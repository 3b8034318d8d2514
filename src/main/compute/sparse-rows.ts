import * as tf from '@tensorflow/tfjs-core'
import type { Csr } from '../numeric/csr'
import { nativeBackend } from './native-ops'
import { currentSparseTape, SparseGradient } from './sparse-gradient'
import { segmentOfEntry, sumOfRows, transposedProduct } from './sum-of-rows'
import { withGradient } from './with-gradient'
import { withoutDiagonal } from './diagonal'

/** A batch of binary rows [rows, columns] on the backend, as model input (`multiplySparse`) or target. */
export interface SparseRows {
  readonly csr: Csr
  /** [entries], int32, row-major: the column of each entry. */
  readonly columns: tf.Tensor1D
  /** [entries], int32, ascending: the row of each entry. */
  readonly rows: tf.Tensor1D
}

/** Copies a batch to the backend. Its tensors belong to the surrounding `tidy`. */
export function sparseRows(csr: Csr): SparseRows {
  return {
    csr,
    columns: tf.tensor1d(csr.indices.subarray(0, csr.offsets[csr.rows]), 'int32'),
    rows: tf.tensor1d(segmentOfEntry(csr.offsets), 'int32'),
  }
}

/** [entries, 2], int32: (row, column) of each entry, the form that scatters and gathers take. */
export const entryPositions = ({ rows, columns }: SparseRows): tf.Tensor2D =>
  tf.stack([rows, columns], 1) as tf.Tensor2D

/** The rows as a dense tensor of zeros and ones [rows, columns], scattered on the backend. */
export function denseRows(x: SparseRows): tf.Tensor2D {
  const { csr } = x
  return tf.tidy(() => tf.scatterND<tf.Rank.R2>(entryPositions(x), tf.ones(x.rows.shape), [csr.rows, csr.columns]))
}

/**
 * x · weight for binary sparse x [rows, columns] and dense weight [columns, width] → [rows, width], differentiable in the weight.
 *
 * On native TensorFlow only the weight's rows of seen columns are gathered and added (`SparseSegmentSum`), and the gradient xᵀ · dy is the same sum
 * over the entries sorted by column; if there is a sparse tape, the two factors are recorded instead. On other backends it is a dense product with
 * the scattered rows.
 *
 * @param zeroDiagonal whether the gradient's diagonal is 0, so that steps do not change the diagonal of the weight
 */
export function multiplySparse(x: SparseRows, weight: tf.Tensor2D, { zeroDiagonal = false } = {}): tf.Tensor2D {
  const { csr } = x
  const product = (): tf.Tensor2D =>
    nativeBackend() ? sumOfRows(weight, x.columns, x.rows, csr.rows) : tf.tidy(() => tf.matMul(denseRows(x), weight))
  const tape = currentSparseTape()
  if (tape?.watches(weight))
    return withGradient<tf.Tensor2D>([tape.probe], () => ({
      value: product(),
      gradient: (dy) => {
        tape.add(weight, new SparseGradient(csr, tf.keep(tf.clone(dy)), zeroDiagonal))
        return [tf.zerosLike(tape.probe)]
      },
    }))
  return withGradient<tf.Tensor2D>([weight], () => ({
    value: product(),
    gradient: (dy) => [zeroDiagonal ? withoutDiagonal(transposed(csr, dy)) : transposed(csr, dy)],
  }))
}

/** xᵀ · dy. The rows may have been created within the step (dropout) and already be disposed, so they are copied to the backend again. */
const transposed = (csr: Csr, dy: tf.Tensor2D): tf.Tensor2D =>
  nativeBackend() ? transposedProduct(csr, dy) : tf.matMul(denseRows(sparseRows(csr)), dy, true, false)
