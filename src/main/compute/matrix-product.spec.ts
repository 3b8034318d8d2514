import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { probeBackends } from './backend'
import { inPrecision, product, requirePrecision, type Precision } from './matrix-product'

const ROWS = 33
const INNER = 65
const COLUMNS = 17

beforeAll(probeBackends)

/** A product, and the gradients of the sum of its squares, in a precision. */
async function computed(precision: Precision): Promise<Float32Array[]> {
  const a = tf.randomNormal<tf.Rank.R2>([ROWS, INNER], 0, 1, 'float32', 1)
  const b = tf.randomNormal<tf.Rank.R2>([INNER, COLUMNS], 0, 1, 'float32', 2)
  const tensors = tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((left, right) => {
      const y = inPrecision(precision, () => product(left as tf.Tensor2D, right as tf.Tensor2D))
      return tf.sum<tf.Scalar>(tf.square(y))
    })([a, b])
    return [inPrecision(precision, () => product(a, b)), value, ...grads]
  })
  const read = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()))
  tf.dispose([a, b, ...tensors])
  return read
}

/** √(Σ(x − y)²/Σy²) */
const relativeError = (x: Float32Array | undefined, y: Float32Array): number =>
  Math.sqrt(
    y.reduce((sum, value, i) => sum + ((x?.[i] ?? Number.NaN) - value) ** 2, 0) /
      y.reduce((sum, value) => sum + value ** 2, 0),
  )

describe('on native TensorFlow', () => {
  beforeAll(() => tf.setBackend('tensorflow'))

  it('multiplies in bfloat16 to within its rounding, gradients too, leaving no tensor behind', async () => {
    const before = tf.memory().numTensors
    const exact = await computed('float32')
    const rounded = await computed('bfloat16')
    expect(rounded).toHaveLength(4)
    for (const [i, values] of exact.entries()) {
      // Rounded to 8 bits: an error of 2⁻⁹ relative at most each time, and more than none.
      expect(relativeError(rounded[i], values)).toBeLessThan(0.01)
      expect(relativeError(rounded[i], values)).toBeGreaterThan(1e-4)
    }
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is float32 again after the work, even if it fails', async () => {
    expect(() =>
      inPrecision('bfloat16', () => {
        throw new Error('broke')
      }),
    ).toThrow('broke')
    const x = tf.tensor2d([[1.001]])
    const y = product(x, x)
    expect((await y.data())[0]).toBeCloseTo(1.002001, 6)
    tf.dispose([x, y])
  })
})

describe.each(['wasm', 'cpu'])('on %s', (backend) => {
  beforeAll(() => tf.setBackend(backend))

  it('refuses bfloat16 with the way out, and multiplies in float32 otherwise', async () => {
    expect(() => requirePrecision('float32')).not.toThrow()
    expect(() => requirePrecision('bfloat16')).toThrow(/bfloat16 needs native TensorFlow.*“(wasm|cpu)”/)
    const [value, , gradient] = await computed('float32')
    expect(value).toHaveLength(ROWS * COLUMNS)
    expect(gradient).toHaveLength(ROWS * INNER)
  })
})
