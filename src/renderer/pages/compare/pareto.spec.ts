import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paretoFront } from './pareto'

test('a run that is dearer and no better is not on the front', () => {
  const cheap = { cost: 1, quality: 0.3 }
  const good = { cost: 5, quality: 0.4 }
  expect(paretoFront([good, { cost: 6, quality: 0.4 }, cheap, { cost: 2, quality: 0.3 }])).toEqual([cheap, good])
})

test('quality rises with cost along the front, and each other run is beaten by one of it', () => {
  const runs = fc.array(fc.record({ cost: fc.integer({ min: 0, max: 9 }), quality: fc.integer({ min: 0, max: 9 }) }), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(runs, (all) => {
      const front = paretoFront(all)
      for (const [at, run] of front.entries()) {
        const before = front[at - 1]
        if (before && before.cost < run.cost) expect(run.quality).toBeGreaterThan(before.quality)
      }
      for (const run of all)
        expect(front.some((best) => best.cost <= run.cost && best.quality >= run.quality)).toBe(true)
    }),
  )
})
