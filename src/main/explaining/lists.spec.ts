import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../compute/backend'
import type { Recommender } from '../models/model'
import { csrFromRows, rowOf, type Csr } from '../numeric/csr'
import { listTop } from './factors'
import { sourceOf } from './grounds'
import { recommend } from './recommend'

const ITEMS = 12

/** Scores each item by the sum of whole numbers, one per history item, so that equal scores are common. */
class WholeNumbers implements Recommender {
  readonly items = ITEMS
  readonly parameters = new Map()
  readonly linear = null
  readonly members = []

  constructor(private readonly weight: (from: number, to: number) => number) {}

  score(histories: Csr): tf.Tensor2D {
    const rows = Array.from({ length: histories.rows }, (_, r) =>
      Array.from({ length: ITEMS }, (_item, to) =>
        rowOf(histories, r).reduce((sum, from) => sum + this.weight(from, to), 0),
      ),
    )
    return tf.tensor2d(rows, [histories.rows, ITEMS])
  }

  memberLogits(): [] {
    return []
  }

  dispose(): void {
    this.parameters.clear()
  }
}

const model = (weights: readonly number[]): Recommender =>
  new WholeNumbers((from, to) => weights[(5 * from + 7 * to) % weights.length] ?? 0)

const itemIndex = fc.integer({ min: 0, max: ITEMS - 1 })
const cases = fc.record({
  weights: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 9 }),
  popularity: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: ITEMS, maxLength: ITEMS }),
  histories: fc.array(fc.uniqueArray(itemIndex), { minLength: 1, maxLength: 6 }),
  k: fc.integer({ min: 1, max: ITEMS + 2 }),
})

describe.each(['tensorflow', 'cpu'])('lists on %s', (backend) => {
  beforeAll(async () => {
    await loadBackend()
    await tf.setBackend(backend)
  })

  it('are by score, then by popularity, then by id; by popularity where the model tells nothing; alike for one and for many', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ weights, popularity, histories, k }) => {
        const scored = model(weights)
        const csr = csrFromRows(histories, ITEMS)
        const live = tf.memory().numTensors
        const lists = await listTop(scored, csr, k, Float64Array.from(popularity))
        for (const [r, history] of histories.entries()) {
          const tensor = scored.score(csrFromRows([history], ITEMS))
          const scores = Array.from(await tensor.data())
          tensor.dispose()
          const unseen = Array.from({ length: ITEMS }, (_, item) => item).filter((item) => !history.includes(item))
          const alike = unseen.length > 1 && new Set(unseen.map((item) => scores[item])).size === 1
          const source = history.length === 0 || alike ? 'popularity' : 'model'
          const by = source === 'model' ? scores : popularity
          const expected = unseen
            .sort((a, b) => by[b]! - by[a]! || popularity[b]! - popularity[a]! || a - b)
            .slice(0, k)
          expect(lists[r]?.source).toBe(source)
          expect(lists[r]?.items.map(({ item }) => item)).toEqual(expected)
          const alone = await recommend(scored, Int32Array.from(history), k, Float64Array.from(popularity))
          expect(alone.source).toBe(source)
          expect(alone.items.map(({ item, rank }) => [item, rank])).toEqual(expected.map((item, at) => [item, at + 1]))
        }
        expect(tf.memory().numTensors).toBe(live)
      }),
      { numRuns: 60 },
    )
  })
})

it('comes from the model where the history is known and any two unseen items differ', () => {
  expect(sourceOf([1, 1, 2], [2])).toBe('popularity')
  expect(sourceOf([1, 1, 2], [0])).toBe('model')
  expect(sourceOf([3, 1, 2], [])).toBe('popularity')
  expect(sourceOf([Number.NaN, Number.NaN, 2], [2])).toBe('popularity')
  // One item has nothing to stand before.
  expect(sourceOf([1, 1, 2], [0, 1])).toBe('model')
})
