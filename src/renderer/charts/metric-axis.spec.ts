import fc from 'fast-check'
import { expect, it } from 'vitest'
import { metricTick } from './metric-axis'

it('writes as many digits as the range needs', () => {
  expect(metricTick([0.2, 0.4])(0.25)).toBe('0.25')
  expect(metricTick([0.351, 0.3518])(0.3512)).toBe('0.3512')
  // A single value has no range.
  expect(metricTick([0.351])(0.351)).toBe('0.351')
  expect(metricTick([])(0.5)).toBe('0.500')
})

it('never writes two labels of an axis alike', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.double({ min: 1e-4, max: 0.1, noNaN: true }),
      (low, range) => {
        const tick = metricTick([low, low + range])
        const labels = [0, 1, 2, 3, 4].map((at) => tick(low + (range * at) / 4))
        expect(new Set(labels).size).toBe(labels.length)
      },
    ),
  )
})
