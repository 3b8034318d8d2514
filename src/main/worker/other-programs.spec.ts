import { expect, it } from 'vitest'
import { OtherPrograms, type BusyTimes } from './other-programs'

/** A machine of two processors that are busy for given shares of ten seconds. */
function measured(own: number, others: number): { busy: number; of: number } {
  const start: BusyTimes = { at: 5000, all: 900_000, own: 700, processors: 2 }
  const end = { ...start, at: 15_000, all: 900_000 + (own + others) * 10_000, own: 700 + own * 10_000 }
  const times = [start, end]
  return new OtherPrograms(() => times.shift() ?? end).busy
}

it.each([
  [1.5, 0],
  [0, 1],
  [1, 1],
  [0.5, 0.2],
])('a program that keeps %d processors busy sees that others keep %d busy', (own, others) => {
  const { busy, of } = measured(own, others)
  expect(busy).toBeCloseTo(others, 6)
  expect(of).toBe(2)
})

it('others are never less than nothing, nor more than the machine has', () => {
  expect(measured(1, -0.01).busy).toBe(0)
  expect(measured(0, 2.02).busy).toBe(2)
})

it('counts of this machine what is there', () => {
  const { busy, of } = new OtherPrograms().busy
  expect(of).toBeGreaterThan(0)
  expect(busy).toBeGreaterThanOrEqual(0)
  expect(busy).toBeLessThanOrEqual(of)
})
