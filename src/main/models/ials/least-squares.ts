import * as tf from '@tensorflow/tfjs-core'
import { multiplySparse, sparseRows } from '../../compute/sparse-rows'
import { entriesByColumn } from '../../compute/sum-of-rows'
import { rowOf, type Csr } from '../../numeric/csr'
import type { Block, Plan } from './block'
import { solvedSystems } from './positive-definite-systems'

/** The numbers of the objective, as the paper calls them. */
export interface Weighting {
  /** α₀ */
  readonly unobservedWeight: number
  /** λ */
  readonly lambda: number
  /** ν */
  readonly nu: number
}

/**
 * Solves for the vectors of rows, block by block, given those of the columns; the caller disposes each block. Each vector minimises the squared error
 * of its row plus its regularisation (Rendle et al., 2021, section 3):
 *
 *     w_u = (Σ_{i∈u} h_i h_iᵀ + α₀ HᵀH + λ_u I)⁻¹ Σ_{i∈u} h_i,  λ_u = λ (|u| + α₀ |I|)^ν
 *
 * A row without entries is the zero vector.
 *
 * @param h [columns, dimension]
 */
export function* solvedInBlocks({ blocks }: Plan, h: tf.Tensor2D, weighting: Weighting): Generator<tf.Tensor2D, void> {
  const gram = tf.tidy(() => weightedGram(h, weighting))
  try {
    for (const block of blocks)
      yield tf.tidy(() =>
        solvedSystems(systemsOf(block, h, gram, weighting), multiplySparse(sparseRows(block.rows), h)),
      )
  } finally {
    gram.dispose()
  }
}

/** The solved blocks as one matrix [rows, dimension], in the order of the rows. */
export const inOrder = (solved: tf.Tensor2D[], { positions }: Plan): tf.Tensor2D =>
  tf.tidy(() => tf.gather(tf.concat2d(solved, 0), tf.tensor1d(positions, 'int32')))

/**
 * What each item of the history adds to the score of a target, [history.length]: with A the matrix of the user's system, w_u · h_t = Σ_j h_jᵀ A⁻¹ h_t
 * (Hu, Koren & Volinsky, “Collaborative Filtering for Implicit Feedback Datasets”, ICDM 2008, section 5). A depends on the whole history, so the
 * contributions are exact, but an item contributes differently to another history.
 *
 * @param history binary [1, columns]
 */
export const itemContributions = (history: Csr, target: number, h: tf.Tensor2D, weighting: Weighting): tf.Tensor1D =>
  tf.tidy(() => {
    const seen = rowOf(history, 0)
    const block = { rows: history, width: seen.length }
    const system = systemsOf(block, h, weightedGram(h, weighting), weighting)
    const direction = solvedSystems(system, tf.slice(h, target, 1))
    return tf.reshape<tf.Rank.R1>(tf.matMul(tf.gather(h, tf.tensor1d(seen, 'int32')), direction, false, true), [-1])
  })

/** α₀ HᵀH [dimension, dimension], shared by all rows. */
const weightedGram = (h: tf.Tensor2D, { unobservedWeight }: Weighting): tf.Tensor2D =>
  tf.mul(tf.matMul<tf.Tensor2D>(h, h, true, false), unobservedWeight)

/** The matrix of each row's system: [rows, dimension, dimension]. */
function systemsOf({ rows, width }: Block, h: tf.Tensor2D, gram: tf.Tensor2D, weighting: Weighting): tf.Tensor3D {
  const { unobservedWeight, lambda, nu } = weighting
  const [columns, dimension] = h.shape
  // Rows are padded with a column whose vector is zero.
  const entries = new Int32Array(rows.rows * width).fill(columns)
  const ridges = new Float32Array(rows.rows)
  for (let r = 0; r < rows.rows; r++) {
    const own = rowOf(rows, r)
    entries.set(own, r * width)
    ridges[r] = lambda * (own.length + unobservedWeight * columns) ** nu
  }
  const regularised = tf.add<tf.Tensor3D>(gram, tf.mul(tf.eye(dimension), tf.tensor3d(ridges, [rows.rows, 1, 1])))
  if (width === 0) return regularised
  const filled = tf.concat2d([h, tf.zeros([1, dimension])], 0)
  const vectors = tf.gather(filled, tf.tensor2d(entries, [rows.rows, width], 'int32')) as tf.Tensor
  return tf.add(tf.matMul(vectors as tf.Tensor3D, vectors as tf.Tensor3D, true, false), regularised)
}

/** xᵀ: the rows of each column. */
export function transposed(x: Csr): Csr {
  const { offsets, rows } = entriesByColumn(x)
  return { rows: x.columns, columns: x.rows, offsets, indices: rows }
}
