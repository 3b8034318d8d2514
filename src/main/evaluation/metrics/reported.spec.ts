import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recallDenominator } from '../../../shared/runs'
import { deepest, listMetrics, targetMetrics } from './reported'

const items = 300
const list = fc
  .uniqueArray(fc.integer({ min: 0, max: items - 1 }), { minLength: 150, maxLength: 200 })
  .map((some) => Int32Array.from(some))
const relevant = fc
  .uniqueArray(fc.integer({ min: 0, max: items - 1 }), { minLength: 1, maxLength: 120 })
  .map((some) => new Set(some))
const catalogue = {
  trainUsers: 50,
  trainCounts: Int32Array.from({ length: items }, (_, item) => 1 + (item % 50)),
  genres: Array.from({ length: items }, (_, item) => [`g${item % 7}`, `h${item % 3}`]),
}

describe.each(recallDenominator.options)('reported metrics, recall by %s', (denominator) => {
  it('ignore ranks beyond their depth', () => {
    fc.assert(
      fc.property(list, relevant, (ranking, targets) => {
        for (const metric of Object.values(targetMetrics(denominator)))
          expect(metric.of({ ranking: ranking.subarray(0, metric.depth), relevant: targets })).toBe(
            metric.of({ ranking, relevant: targets }),
          )
        for (const metric of Object.values(listMetrics(catalogue)))
          expect(metric.of(ranking.subarray(0, metric.depth))).toBe(metric.of(ranking))
      }),
    )
  })

  it('use every rank up to their depth', () => {
    const ranking = Int32Array.from({ length: items }, (_, item) => item)
    for (const metric of Object.values(targetMetrics(denominator))) {
      const lastPlace = { ranking, relevant: new Set([metric.depth - 1]) }
      expect(metric.of(lastPlace)).toBeGreaterThan(0)
    }
  })
})

it('need lists of the largest depth', () => {
  expect(deepest({ a: { depth: 20 }, b: { depth: 50 }, c: { depth: 10 } })).toBe(50)
})
