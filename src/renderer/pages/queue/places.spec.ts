import { expect, it } from 'vitest'
import { target } from './places'

const waiting = [7, 3, 9]

it.each([
  [7, 1, 9],
  [3, -1, 7],
  [3, 1, null],
  [9, -1, 3],
  [7, -1, undefined],
  [9, 1, undefined],
  [4, 1, undefined],
] as const)('moves %i by %i before %s', (id, steps, before) => {
  expect(target(waiting, id, steps)).toBe(before)
})
