import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ranksOf, topK } from './ranking'

/** The order in words: higher first, not-a-number last, equal by lower index. */
function fullSort(scores: Float32Array, seen: readonly number[]): number[] {
  const key = (score: number): number => (Number.isNaN(score) ? -Infinity : score)
  return Array.from(scores.keys())
    .filter((item) => !seen.includes(item))
    .sort((a, b) => {
      const [scoreA, scoreB] = [scores[a] ?? Number.NaN, scores[b] ?? Number.NaN]
      if (Number.isNaN(scoreA) !== Number.isNaN(scoreB)) return Number.isNaN(scoreA) ? 1 : -1
      return key(scoreB) > key(scoreA) ? 1 : key(scoreB) < key(scoreA) ? -1 : a - b
    })
}

/** Few distinct values, so that ties are common, and the awkward ones among them. */
const score = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.float({ noNaN: true }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0),
)
const oneUser = fc.array(score, { minLength: 1, maxLength: 60 }).chain((scores) =>
  fc.record({
    scores: fc.constant(Float32Array.from(scores)),
    seen: fc.uniqueArray(fc.nat(scores.length - 1)),
    k: fc.integer({ min: 0, max: 70 }),
  }),
)

describe('topK', () => {
  it('puts the highest unseen scores first', () => {
    expect([...topK(Float32Array.of(0.1, 0.9, 0.5, 0.7), [1], 2)]).toEqual([3, 2])
  })

  it('breaks ties by the lower index, whichever items the selection met first', () => {
    expect([...topK(Float32Array.of(1, 2, 2, 2, 1, 2), [], 3)]).toEqual([1, 2, 3])
  })

  it('lists all unseen items if they are fewer than k', () => {
    expect([...topK(Float32Array.of(3, 2, 1), [0, 2], 5)]).toEqual([1])
    expect([...topK(Float32Array.of(3), [0], 5)]).toEqual([])
  })

  it('equals a full sort, for any scores, history and k', () => {
    fc.assert(
      fc.property(oneUser, ({ scores, seen, k }) => {
        expect([...topK(scores, seen, k)]).toEqual(fullSort(scores, seen).slice(0, k))
      }),
      { numRuns: 500 },
    )
  })

  it('leaves the scores as they were', () => {
    const scores = Float32Array.of(2, 3, 1)
    topK(scores, [1], 2)
    expect([...scores]).toEqual([2, 3, 1])
  })
})

describe('ranksOf', () => {
  it('counts from 1 in the order of the list', () => {
    fc.assert(
      fc.property(oneUser, ({ scores, seen }) => {
        const order = fullSort(scores, seen)
        expect([...ranksOf(order, scores, seen)]).toEqual(order.map((_, index) => index + 1))
      }),
    )
  })

  it('gives the rank that a history item would have if it were unseen', () => {
    expect([...ranksOf([0, 3], Float32Array.of(0.5, 0.9, 0.7, 0.1), [0, 3])]).toEqual([3, 3])
  })
})
