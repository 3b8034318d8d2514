import type { Tensor2D } from '@tensorflow/tfjs-core'
import { topUnseen } from '../compute/top-unseen'
import { rowOf, type Csr } from '../numeric/csr'
import { topK } from './ranking'
import { asFloats } from './scores'

/**
 * The k best unseen items of each history by its scores [rows, items], in the order of `topK`: on the backend if possible, else here. The caller
 * keeps the scores.
 */
export async function rankRows(scores: Tensor2D, seen: Csr, k: number): Promise<Int32Array[]> {
  const top = await topUnseen(scores, seen, k)
  const width = Math.min(k, scores.shape[1])
  const ranked =
    top === null ? [] : Array.from(top.counts, (count, r) => top.items.subarray(r * width, r * width + count))
  if (top?.counts.every((count) => count >= 0)) return ranked
  const values = asFloats(await scores.data())
  return Array.from({ length: seen.rows }, (_, r) =>
    top !== null && (top.counts[r] ?? -1) >= 0
      ? (ranked[r] ?? new Int32Array())
      : topK(values.subarray(r * seen.columns, (r + 1) * seen.columns), rowOf(seen, r), k),
  )
}
