import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { computePaths, useComputePath } from '../../../test/fixtures/compute-paths'
import { probeBackends } from '../compute/backend'
import { csrFromRows, rowOf } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { rankRows } from './rank-rows'
import { topK } from './ranking'

/** Few distinct values, so that ties are common, and the awkward ones among them. */
const score = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.float({ noNaN: true }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 1e-45, -1e-45),
)
const some = fc.integer({ min: 1, max: 300 }).chain((items) =>
  fc.record({
    rows: fc.array(
      fc.record({
        scores: fc.array(score, { minLength: items, maxLength: items }),
        seen: fc.oneof(fc.uniqueArray(fc.nat(items - 1)), fc.constant(Array.from({ length: items }, (_, i) => i))),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    k: fc.integer({ min: 0, max: items + 3 }),
  }),
)

/** TensorFlow's own ops take numbers this close to 0 for 0. */
const withoutDenormals = (value: number): number => (Math.abs(value) < 2 ** -126 ? 0 : value)

/** What `topK` gives for each row, and what the current backend does. */
async function both(scores: Float32Array[], seen: number[][], k: number): Promise<[number[][], number[][]]> {
  const items = scores[0]?.length ?? 0
  const csr = csrFromRows(seen, items)
  const tensor = tf.tensor2d(
    scores.flatMap((row) => [...row]),
    [scores.length, items],
  )
  const before = tf.memory().numTensors
  const ranked = await rankRows(tensor, csr, k)
  expect(tf.memory().numTensors).toBe(before)
  tensor.dispose()
  return [scores.map((row, r) => [...topK(row, rowOf(csr, r), k)]), ranked.map((list) => [...list])]
}

beforeAll(probeBackends)
afterAll(() => useComputePath('tensorflow'))

describe.each(computePaths)('ranking rows by %s', (path) => {
  beforeAll(() => useComputePath(path))

  it('gives the same lists as topK for any scores, histories and k', async () => {
    await fc.assert(
      fc.asyncProperty(some, async ({ rows, k }) => {
        const [expected, ranked] = await both(
          rows.map(({ scores }) => Float32Array.from(scores, path.endsWith('our kernels') ? withoutDenormals : Number)),
          rows.map(({ seen }) => seen),
          k,
        )
        expect(ranked).toEqual(expected)
      }),
      { numRuns: path === 'tensorflow' ? 300 : 60 },
    )
  })

  it('does so for rows much longer than k, ascending ones among them', async () => {
    const items = 3_000
    const random = seededRandom(1)
    const rising = Float32Array.from({ length: items }, (_, item) => item)
    const [expected, ranked] = await both(
      [random.normal(items), rising, rising.toReversed(), new Float32Array(items)],
      [[1, 2, 3], [2_999, 2_998], [0], [5]],
      100,
    )
    expect(ranked).toEqual(expected)
  })
})
