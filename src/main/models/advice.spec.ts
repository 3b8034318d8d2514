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

  it('has the best of the models that are expected to be best on small and on large data', () => {
    const best = (facts: typeof small, usable: number) =>
      advise(facts, usable).proposals.find(({ role }) => role === 'best')
    const [first] = models
    expect(modelOf(best(small, 16 * GIB)?.model ?? '').combinesRuns).toBe(true)
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
