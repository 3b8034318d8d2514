import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchWeights, type Weights } from './weight-search'

/** A measure that records the candidates. */
function noting(value: (weights: Weights) => number) {
  const asked: Weights[] = []
  return {
    asked,
    measure: (candidates: readonly Weights[]): Promise<number[]> => {
      asked.push(...candidates)
      return Promise.resolve(candidates.map(value))
    },
  }
}

describe('weights of a product', () => {
  it('are never worse than any member alone or all weights 1, for any measure, and are deterministic', async () => {
    const values = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 7, maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), values, fc.integer(), async (members, slopes, salt) => {
        const rough = (weights: Weights): number =>
          weights.reduce((sum, w, m) => sum + Math.sin(w * (slopes[m] ?? 0) + (salt % 7)), 0)
        const { asked, measure } = noting(rough)
        const { weights, value } = await searchWeights(members, measure)
        expect(value).toBe(rough(weights))
        expect(Math.max(...weights)).toBe(1)
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
        for (let m = 0; m < members; m++)
          expect(value).toBeGreaterThanOrEqual(rough(weights.map((_, other) => (other === m ? 1 : 0))))
        expect(value).toBeGreaterThanOrEqual(rough(weights.map(() => 1)))
        expect(new Set(asked.map((candidate) => candidate.join())).size).toBe(asked.length)
        expect(await searchWeights(members, noting(rough).measure)).toEqual({ weights, value })
      }),
    )
  })

  it('come close to the best of a smooth measure, and leave out members that do not help', async () => {
    const wanted = [1, 0.4, 0, 0.8, 0]
    const { weights } = await searchWeights(
      5,
      noting((given) => -given.reduce((sum, w, m) => sum + (w - (wanted[m] ?? 0)) ** 2, 0)).measure,
    )
    weights.forEach((weight, m) => expect(Math.abs(weight - (wanted[m] ?? 0))).toBeLessThanOrEqual(0.125))
    expect([weights[2], weights[4]]).toEqual([0, 0])
  })

  it('are one member alone if nothing else is better', async () => {
    const { weights } = await searchWeights(3, noting(() => 0.3).measure)
    expect(weights).toEqual([1, 0, 0])
  })
})
