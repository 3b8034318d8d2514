import type { TypedArray } from '@tensorflow/tfjs-core'

/** tfjs types every read as any typed array; for a float tensor it is a Float32Array. */
export function asFloats(values: TypedArray): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
