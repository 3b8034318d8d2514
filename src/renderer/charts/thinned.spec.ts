import fc from 'fast-check'
import { expect, it } from 'vitest'
import { drawnAt, pointsAt } from './thinned'

const curveOf = (name: string, values: readonly number[]) => ({
  name,
  points: values.map((y, at) => [at + 1, y] as const),
})

it('draws short curves as they are', () => {
  const curve = curveOf('a', [3, 1, 2])
  expect(drawnAt([curve])).toBeNull()
  expect(pointsAt(curve, null)).toBe(curve)
})

it('draws few points of long curves, with their ends, their lowest and highest values and the best epoch', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 2100, max: 10_000 }),
      fc.integer(),
      (count, length, seed) => {
        const value = (curve: number, at: number): number => Math.sin((at * 7919 + seed + curve * 31) % 1009)
        const curves = Array.from({ length: count }, (_, curve) =>
          curveOf(
            `${curve}`,
            Array.from({ length }, (__, at) => value(curve, at)),
          ),
        )
        const best = 1 + (Math.abs(seed) % length)
        const xs = drawnAt(curves, [best])
        const drawn = curves.map((curve) => pointsAt(curve, xs).points)
        for (const points of drawn) expect(points.length).toBeLessThan(2100)
        for (const [at, points] of drawn.entries()) {
          expect(points.map(([x]) => x)).toEqual(drawn[0]?.map(([x]) => x))
          const all = curves[at]?.points ?? []
          expect([points[0], points.at(-1)]).toEqual([all[0], all.at(-1)])
          const ys = points.map(([, y]) => y)
          const allYs = all.map(([, y]) => y)
          expect([Math.min(...ys), Math.max(...ys)]).toEqual([Math.min(...allYs), Math.max(...allYs)])
          expect(points.some(([x]) => x === best)).toBe(true)
        }
      },
    ),
    { numRuns: 15 },
  )
})

it('keeps each error with its point', () => {
  const curve = { ...curveOf('a', [5, 6, 7]), errors: [0.5, 0.6, 0.7] }
  expect(pointsAt(curve, new Set([1, 3]))).toEqual({
    ...curve,
    points: [
      [1, 5],
      [3, 7],
    ],
    errors: [0.5, 0.7],
  })
})
