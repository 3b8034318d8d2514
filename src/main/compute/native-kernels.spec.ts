import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import { useComputePath } from '../../../test/fixtures/compute-paths'
import { swishNorm } from '../models/layers/swish-norm'
import { focalLoss } from '../models/losses/focal'
import { csrFromRows } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { probeBackends } from './backend'
import { createOptimiser } from './optimisers/create'
import { createParameter } from './parameter'
import { sparseRows } from './sparse-rows'

const paths = ['tensorflow', 'tensorflow without our kernels'] as const

/** Runs the same work with our own kernels and with TensorFlow's ops. */
async function both(work: () => Promise<Float32Array[]> | Float32Array[]): Promise<[Float32Array[], Float32Array[]]> {
  const results: Float32Array[][] = []
  for (const path of paths) {
    await useComputePath(path)
    const before = tf.memory().numTensors
    results.push(await work())
    expect(tf.memory().numTensors, `tensors after ${path}`).toBe(before)
  }
  return [results[0] ?? [], results[1] ?? []]
}

const normal = (rows: number, columns: number, seed: number, spread = 1): tf.Tensor2D =>
  tf.tensor2d(
    seededRandom(seed)
      .normal(rows * columns)
      .map((draw) => draw * spread),
    [rows, columns],
  )
const vector = (length: number, seed: number): tf.Tensor1D => tf.tensor1d(seededRandom(seed).normal(length))
const valuesOf = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync())

beforeAll(probeBackends)
afterAll(() => useComputePath('tensorflow'))

/** Widths that fill the sixteen lanes, do not fill them once, and leave some over. */
describe.each([1, 16, 37, 160])('rows of %i entries', (width) => {
  const rows = 70

  it('go through swish and LayerNorm as with composed ops, forward and backward', async () => {
    const [own, composed] = await both(() =>
      tf.tidy(() => {
        const inputs = [normal(rows, width, 1, 3), vector(width, 2), vector(width, 3)]
        const weights = normal(rows, width, 4)
        const { value, grads } = tf.valueAndGrads((a: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
          tf.sum(tf.mul(swishNorm(a as tf.Tensor2D, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-3), weights)),
        )(inputs)
        return [value, ...grads].map(valuesOf)
      }),
    )
    composed.forEach((expected, i) => expectClose(own[i] ?? [], expected, { relative: 1e-4, absolute: 2e-4 }, `${i}`))
  })

  it.each([1, 2, 3, 4, 5])('lose and pull alike in %i lists of logits, with any γ', async (lists) => {
    const target = csrFromRows(
      Array.from({ length: rows }, (_, r) => (r % 3 === 0 ? [] : [...new Set([r % width, (r * 7) % width])])),
      width,
    )
    for (const gamma of [0, 1, 2, 2.5]) {
      const [own, composed] = await both(() =>
        tf.tidy(() => {
          const logits = Array.from({ length: lists }, (_, k) => normal(rows, width, k, 6))
          const { value, grads } = tf.valueAndGrads((...zs: tf.Tensor[]) =>
            tf.mul<tf.Scalar>(focalLoss(zs as tf.Tensor2D[], sparseRows(target), { alpha: 0.25, gamma }), 3),
          )(logits)
          return [value, ...grads].map(valuesOf)
        }),
      )
      composed.forEach((expected, i) => expectClose(own[i] ?? [], expected, { relative: 2e-5, absolute: 1e-8 }, `${i}`))
    }
  })
})

describe.each(['adam', 'nadam-keras3', 'nadam-tf25'] as const)('%s', (rule) => {
  it('moves a weight that no other shares as the composed ops do', async () => {
    const [own, composed] = await both(async () => {
      const weight = createParameter('w', normal(300, 400, 1))
      const copy = createParameter('copy', tf.zeros([300, 400]))
      tf.tidy(() => copy.assign(weight.read()))
      const optimiser = createOptimiser({ name: rule, learningRate: 0.01 }, new Map([['w', weight]]))
      for (let step = 0; step < 3; step++)
        tf.tidy(() => optimiser.step({ w: tf.mul(normal(300, 400, step + 2), 10 ** -step) }))
      const values = [await weight.data(), await copy.data()]
      optimiser.dispose()
      weight.dispose()
      copy.dispose()
      return values
    })
    composed.forEach((expected, i) => expectClose(own[i] ?? [], expected, { relative: 1e-5, absolute: 1e-6 }, `${i}`))
    expect(own[1]).toEqual(composed[1])
    expect(own[0]).not.toEqual(own[1])
  })
})
