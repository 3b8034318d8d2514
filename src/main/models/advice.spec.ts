import { describe, expect, it } from 'vitest'
import { advise } from './advice'
import { estimateMemory } from './memory-estimate'
import { configure, modelOf, models } from './registry'

const GIB = 2 ** 30
const small = { users: 600, items: 3000, interactions: 100_000 }
const large = { users: 120_000, items: 20_000, interactions: 15_000_000 }
const huge = { users: 500_000, items: 200_000, interactions: 40_000_000 }

describe('what is proposed for data', () => {
  it.each([
    ['small data', small, 16 * GIB],
    ['large data', large, 256 * GIB],
    ['a huge catalogue', huge, 64 * GIB],
  ])('is one run of each role that fits, in their order: %s', (_, facts, usable) => {
    const { proposals, outlook } = advise(facts, usable)
    expect(proposals.map(({ role }) => role).slice(0, 2)).toEqual(['floor', 'quick'])
    for (const { model, preset, reason } of proposals) {
      const { peak } = estimateMemory({ model: configure(modelOf(model), preset, {}), ...facts })
      expect(peak).toBeLessThanOrEqual(usable)
      expect(reason).toMatch(/\.$/)
    }
    expect(outlook).toContain('Your data have')
  })

  const best = (facts: typeof small, usable: number) =>
    advise(facts, usable).proposals.find(({ role }) => role === 'best')

  it('has linear models as the best where users are few, as they were measured', () => {
    const medium = { users: 6000, items: 3500, interactions: 600_000 }
    for (const facts of [small, medium]) {
      const proposed = best(facts, 16 * GIB)
      expect(configure(modelOf(proposed?.model ?? ''), null, {}).linear).toBe(true)
      // The reason has the figures: its own is the highest of them.
      const figures = Array.from(proposed?.reason.matchAll(/0\.\d{3}/g) ?? [], ([figure]) => Number(figure))
      expect(figures.length).toBeGreaterThan(1)
      expect(figures.slice(1, 3).every((other) => other < (figures[0] ?? 0))).toBe(true)
    }
    expect(best(small, 16 * GIB)?.model).not.toBe(best(medium, 16 * GIB)?.model)
  })

  it('has the deep product as the best on large data, in the size that fits', () => {
    const [first] = models
    expect(best(large, 256 * GIB)).toMatchObject({ model: first?.kind, preset: 'paper' })
    // Without the memory for the paper's size, the compact one.
    const peakOf = (preset: string): number =>
      first ? estimateMemory({ model: configure(first, preset, {}), ...large }).peak : NaN
    expect(peakOf('compact')).toBeLessThan(peakOf('paper'))
    expect(best(large, peakOf('paper') - 1)).toMatchObject({ model: first?.kind, preset: 'compact' })
  })

  it('leaves out what does not fit', () => {
    expect(advise(small, 0).proposals).toEqual([])
  })

  it('expects less of a deep model where users are few', () => {
    expect(advise(small, GIB).outlook).toMatch(/likely to lose/)
    expect(advise(large, GIB).outlook).toMatch(/likely to gain/)
  })
})
