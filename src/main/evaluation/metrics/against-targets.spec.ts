import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagePrecision } from './average-precision'
import { hitRate } from './hit-rate'
import type { UserMetric } from './metric'
import { ndcg } from './ndcg'
import { precision } from './precision'
import { recall } from './recall'
import { reciprocalRank } from './reciprocal-rank'

const on = (metric: UserMetric, ranking: number[], relevant: number[]): number =>
  metric.of({ ranking, relevant: new Set(relevant) })

describe('precision', () => {
  it('divides the hits by k, by hand', () => {
    expect(on(precision(4), [5, 1, 6, 2], [5, 6, 9])).toBe(0.5)
    expect(on(precision(2), [1, 2, 5], [5])).toBe(0)
  })

  it('counts places that a short list leaves empty as misses', () => {
    expect(on(precision(4), [5], [5])).toBe(0.25)
  })
})

describe('average precision', () => {
  it('averages the precision at each hit, by hand', () => {
    // Hits at places 1, 3 and 4 of three targets: (1/1 + 2/3 + 3/4) / 3.
    expect(on(averagePrecision(10), [5, 1, 6, 7], [5, 6, 7])).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3, 12)
    expect(on(averagePrecision(3), [5, 1, 6, 7], [5, 6, 7])).toBeCloseTo((1 + 2 / 3) / 3, 12)
  })

  it('is 1 for a list of k hits with any number of targets', () => {
    expect(on(averagePrecision(2), [5, 6], [5, 6, 7, 8])).toBe(1)
  })
})

describe('reciprocal rank', () => {
  it('uses only the first hit up to rank k', () => {
    expect(on(reciprocalRank(10), [1, 2, 5, 6], [5, 6])).toBe(1 / 3)
    expect(on(reciprocalRank(2), [1, 2, 5], [5])).toBe(0)
  })
})

describe('hit rate', () => {
  it('is 1 with any hit among the first k, else 0', () => {
    expect(on(hitRate(3), [1, 5, 6], [5, 6])).toBe(1)
    expect(on(hitRate(1), [1, 5], [5])).toBe(0)
  })
})

describe('ndcg over all targets', () => {
  it('lets the ideal sum run over all |R|, by hand', () => {
    // Two places, both hits, of three targets: (1 + 1/log₂3) / (1 + 1/log₂3 + 1/log₂4).
    const two = 1 + 1 / Math.log2(3)
    expect(on(ndcg(2, '|R|'), [5, 6], [5, 6, 7])).toBeCloseTo(two / (two + 0.5), 12)
    expect(on(ndcg(2), [5, 6], [5, 6, 7])).toBe(1)
  })
})

const list = fc.uniqueArray(fc.nat(30), { maxLength: 20 })
const targets = fc.uniqueArray(fc.nat(30), { minLength: 1 })
const all = [precision(5), averagePrecision(5), reciprocalRank(5), hitRate(5), ndcg(5, '|R|')]

it('all of them are between 0 and 1, and are 0 if and only if there is no hit', () => {
  fc.assert(
    fc.property(list, targets, (ranking, relevant) => {
      const hit = ranking.slice(0, 5).some((item) => relevant.includes(item))
      for (const metric of all) {
        const value = on(metric, ranking, relevant)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1 + 1e-12)
        expect(value > 0).toBe(hit)
      }
    }),
  )
})

it('precision and recall count the same hits', () => {
  fc.assert(
    fc.property(list, targets, (ranking, relevant) => {
      const hits = on(recall(5, '|R|'), ranking, relevant) * relevant.length
      expect(on(precision(5), ranking, relevant) * 5).toBeCloseTo(hits, 10)
      expect(on(hitRate(5), ranking, relevant)).toBe(hits > 0 ? 1 : 0)
    }),
  )
})

it('all of them refuse a user without targets instead of making up a value', () => {
  for (const metric of all) expect(() => on(metric, [1], [])).toThrow(RangeError)
})
