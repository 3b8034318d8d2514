import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverage } from './coverage'
import { diversity } from './diversity'
import { gini } from './gini'
import { novelty } from './novelty'

describe('novelty', () => {
  // Of 8 training users, item 0 is had by all, item 1 by two, item 2 by one, item 3 by none.
  const counts = [8, 2, 1, 0]

  it('is the mean self-information in bits, by hand', () => {
    // −log₂(8/8) = 0, −log₂(2/8) = 2, −log₂(1/8) = 3.
    expect(novelty(3, counts, 8).of([0, 1, 2])).toBeCloseTo(5 / 3, 12)
    expect(novelty(2, counts, 8).of([0, 1, 2])).toBe(1)
  })

  it('takes an item that no training user has for one that one user has', () => {
    expect(novelty(1, counts, 8).of([3])).toBe(3)
  })

  it('divides by the places that a short list has, and says nothing of an empty one', () => {
    expect(novelty(20, counts, 8).of([1])).toBe(2)
    expect(novelty(20, counts, 8).of([])).toBeNull()
  })
})

describe('diversity', () => {
  const genres = [['Drama'], ['Drama', 'War'], ['Comedy'], [], ['Comedy', 'Drama']]

  it('is the mean of 1 − Jaccard over all pairs, by hand', () => {
    // {D} and {D, W}: 1/2; {D} and {C}: 1; {D, W} and {C}: 1.
    expect(diversity(3, genres).of([0, 1, 2])).toBeCloseTo(2.5 / 3, 12)
    // {D, W} and {C, D}: 1 − 1/3.
    expect(diversity(2, genres).of([1, 4, 2])).toBeCloseTo(2 / 3, 12)
  })

  it('leaves items without genres out of the pairs', () => {
    expect(diversity(3, genres).of([0, 3, 2])).toBe(1)
  })

  it('says nothing of a list with fewer than two items with genres', () => {
    expect(diversity(20, genres).of([0, 3])).toBeNull()
    expect(diversity(20, genres).of([])).toBeNull()
    expect(diversity(1, genres).of([0, 1])).toBeNull()
  })

  it('is 0 if all genres are the same', () => {
    expect(
      diversity(20, [
        ['A', 'B'],
        ['B', 'A'],
      ]).of([0, 1]),
    ).toBe(0)
  })
})

describe('coverage', () => {
  it('is the share of the items that appear at all', () => {
    expect(coverage(20).of([3, 0, 1, 0])).toBe(0.5)
    expect(coverage(20).of([0, 0])).toBe(0)
    expect(coverage(20).of([])).toBeNull()
  })
})

describe('gini', () => {
  it('is 0 for equal counts, 1 − 1/n if one item has all, and as computed by hand in between', () => {
    expect(gini(20).of([4, 4, 4])).toBe(0)
    expect(gini(20).of([0, 0, 9])).toBeCloseTo(2 / 3, 12)
    // Σᵢ (2i − n − 1) cᵢ over 1, 2, 5: (−2·1 + 0·2 + 2·5) / (3 · 8).
    expect(gini(20).of([5, 1, 2])).toBeCloseTo(8 / 24, 12)
  })

  it('is half the mean difference over the mean (its definition), for any counts', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }), (counts) => {
        const total = counts.reduce((sum, count) => sum + count, 0)
        const differences = counts.flatMap((a) => counts.map((b) => Math.abs(a - b))).reduce((sum, d) => sum + d, 0)
        const measured = gini(20).of(counts)
        if (total === 0) expect(measured).toBeNull()
        else expect(measured).toBeCloseTo(differences / (2 * counts.length * total), 10)
      }),
    )
  })
})
