import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holm } from './holm'

const adjusted = (ps: readonly number[]): number[] => Array.from(holm(ps), (p) => Number(p.toFixed(10)))

const family = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })

describe('Holm’s correction', () => {
  test('of .01, .04, .03, .005 is .03, .06, .06, .02 (the example of the article on the method in Wikipedia)', () => {
    expect(adjusted([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  test('agrees with R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")', () => {
    expect(adjusted([0.01, 0.02, 0.03, 0.04, 0.05])).toEqual([0.05, 0.08, 0.09, 0.09, 0.09])
  })

  test('does not change one test or none', () => {
    expect(adjusted([0.2])).toEqual([0.2])
    expect(adjusted([])).toEqual([])
  })

  test('never lowers a value, never exceeds 1 or Bonferroni, and keeps the order', () => {
    fc.assert(
      fc.property(family, (ps) => {
        const after = holm(ps)
        ps.forEach((p, test) => {
          const value = after[test] ?? Number.NaN
          expect(value).toBeGreaterThanOrEqual(p)
          expect(value).toBeLessThanOrEqual(Math.min(1, ps.length * p))
          ps.forEach((other, at) => {
            if (other < p) expect(after[at]).toBeLessThanOrEqual(value)
          })
        })
      }),
    )
  })

  test('does not depend on the order of the tests', () => {
    fc.assert(
      fc.property(family, (ps) => {
        expect([...holm([...ps].reverse())].reverse()).toEqual([...holm(ps)])
      }),
    )
  })
})
