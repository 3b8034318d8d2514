import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../numeric/random'
import { probeBackends } from './backend'
import { positiveDefiniteInverse } from './positive-definite-inverse'

beforeAll(probeBackends)

describe.each([
  ['tensorflow', 700],
  // Large enough for symmetric products to be halved.
  ['tensorflow', 2500],
  ['tensorflow', 3],
  ['wasm', 300],
  ['cpu', 300],
] as const)('on %s, a matrix of %i rows', (backend, n) => {
  it('gives the identity when multiplied with the matrix', async () => {
    await tf.setBackend(backend)
    const before = tf.memory().numTensors
    const off = tf.tidy(() => {
      const x = tf.tensor2d(seededRandom(3).normal(2 * n * n), [2 * n, n])
      const matrix = tf.add<tf.Tensor2D>(tf.matMul(x, x, true), tf.mul(tf.eye(n), 10))
      const product = tf.matMul(matrix, positiveDefiniteInverse(tf.clone(matrix)))
      return tf.max(tf.abs(tf.sub(product, tf.eye(n))))
    })
    expect((await off.data())[0]).toBeLessThan(1e-3)
    off.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
