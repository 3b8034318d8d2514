import * as tf from '@tensorflow/tfjs-core'
import { StudioError } from '../../shared/errors'
import { attribute, nativeBackend, type NativeBackend } from './native-ops'
import { withGradient } from './with-gradient'

/** Precision of a product's factors: `bfloat16` has the range of float32 and 8 of its 24 bits. */
export type Precision = 'float32' | 'bfloat16'

let current: Precision = 'float32'

/**
 * All calls of `product` in `work` use this precision, and so do the products of its gradient. Like `tidy`, it works only for synchronous functions.
 */
export function inPrecision<T>(precision: Precision, work: () => T): T {
  const before = current
  current = precision
  try {
    return work()
  } finally {
    current = before
  }
}

/** Throws BACKEND_UNAVAILABLE if the current backend does not support this precision. */
export function requirePrecision(precision: Precision): void {
  if (precision === 'float32' || nativeBackend()) return
  throw new StudioError({
    code: 'BACKEND_UNAVAILABLE',
    message: `bfloat16 needs native TensorFlow, but this worker uses the backend “${tf.engine().backendName}”.`,
    next: 'Train with precision float32, or run `vasp doctor` to see how to set up native TensorFlow.',
  })
}

/**
 * a · b for a [rows, inner] and b [inner, columns], differentiable in both.
 *
 * In bfloat16 both factors are rounded, their products are added up in float32, and the sum is rounded once more; the result is float32 again.
 * Rounded copies are not kept: rounding again for the gradient is cheaper than a copy of every weight.
 */
export function product(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const backend = nativeBackend()
  if (current === 'float32' || !backend) return tf.matMul(a, b)
  return withGradient<tf.Tensor2D>([a, b], (save) => {
    save([a, b])
    const value = withRounded(backend, [a, b], ([left = 0, right = 0]) => multiply(backend, left, right, false, false))
    return {
      value,
      gradient: (dy, [left, right]) => {
        if (!left || !right) throw new Error('product saved too little')
        return withRounded(backend, [left, right, dy], ([l = 0, r = 0, d = 0]) => [
          multiply(backend, d, r, false, true),
          multiply(backend, l, d, true, false),
        ])
      },
    }
  })
}

/** Passes the ids of bfloat16 copies, for which tfjs has no type, and frees them afterwards. */
function withRounded<T>(backend: NativeBackend, tensors: readonly tf.Tensor[], work: (ids: number[]) => T): T {
  const ids: number[] = []
  try {
    for (const id of backend.getInputTensorIds(tensors))
      ids.push(cast(backend, id, backend.binding.TF_FLOAT, BFLOAT16).id)
    return work(ids)
  } finally {
    for (const id of ids) backend.binding.deleteTensor(id)
  }
}

/** TensorFlow's number of the type, which the binding does not name. */
const BFLOAT16 = 14

function multiply(backend: NativeBackend, a: number, b: number, transposeA: boolean, transposeB: boolean): tf.Tensor2D {
  const [rounded] = backend.binding.executeOp(
    'MatMul',
    [
      attribute.type(backend, 'T', BFLOAT16),
      attribute.flag(backend, 'transpose_a', transposeA),
      attribute.flag(backend, 'transpose_b', transposeB),
    ],
    [a, b],
    1,
  )
  if (!rounded) throw new Error('MatMul gave nothing')
  try {
    return backend.createOutputTensor(cast(backend, rounded.id, BFLOAT16, backend.binding.TF_FLOAT)) as tf.Tensor2D
  } finally {
    backend.binding.deleteTensor(rounded.id)
  }
}

function cast(backend: NativeBackend, id: number, from: number, to: number): { id: number } {
  const [output] = backend.binding.executeOp(
    'Cast',
    [
      attribute.type(backend, 'SrcT', from),
      attribute.type(backend, 'DstT', to),
      attribute.flag(backend, 'Truncate', false),
    ],
    [id],
    1,
  )
  if (!output) throw new Error('Cast gave nothing')
  return output
}
