import type { TypedArray } from '@tensorflow/tfjs-core'
import type { Recommender } from '../models/model'
import type { Csr } from '../numeric/csr'

/** tfjs types every read as any typed array; a float tensor's is a Float32Array. */
export function asFloats(values: TypedArray): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

/** A model's scores [rows, items] as plain numbers, row-major; the tensor is gone afterwards. */
export async function scoresOf(model: Recommender, histories: Csr): Promise<Float32Array> {
  const scores = model.score(histories)
  try {
    return asFloats(await scores.data())
  } finally {
    scores.dispose()
  }
}
