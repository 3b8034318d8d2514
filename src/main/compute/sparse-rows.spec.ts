import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import { csrFromRows, type Csr } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { probeBackends } from './backend'
import { denseRows, multiplySparse, sparseRows } from './sparse-rows'

const COLUMNS = 9
const WIDTH = 4
const batch = fc
  .array(fc.uniqueArray(fc.integer({ min: 0, max: COLUMNS - 1 }), { maxLength: COLUMNS }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((rows) => csrFromRows(rows, COLUMNS))

/** x · W and the gradient of Σ (x · W)·C, by sparse or dense product. */
async function productAndGradient(x: Csr, sparse: boolean): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => {
    const weight = tf.tensor2d(seededRandom(1).normal(COLUMNS * WIDTH), [COLUMNS, WIDTH])
    const factor = tf.tensor2d(seededRandom(2).normal(x.rows * WIDTH), [x.rows, WIDTH])
    const rows = sparseRows(x)
    const product = (w: tf.Tensor2D): tf.Tensor2D => (sparse ? multiplySparse(rows, w) : tf.matMul(denseRows(rows), w))
    const gradient = tf.grad((w) => tf.sum(tf.mul(product(w as tf.Tensor2D), factor)))(weight)
    return [product(weight), gradient]
  })
  const values = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())))
  tf.dispose(tensors)
  return values
}

beforeAll(probeBackends)

describe.each(['tensorflow', 'wasm', 'cpu'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  it('multiplies and differentiates as the dense product does, empty rows and unseen columns included', async () => {
    const before = tf.memory().numTensors
    await fc.assert(
      fc.asyncProperty(batch, async (x) => {
        const [sparse, dense] = [await productAndGradient(x, true), await productAndGradient(x, false)]
        dense.forEach((expected, i) =>
          expectClose(sparse[i] ?? [], expected, { relative: 1e-5, absolute: 1e-5 }, `${i}`),
        )
      }),
      { numRuns: 30 },
    )
    expect(tf.memory().numTensors).toBe(before)
  })
})
