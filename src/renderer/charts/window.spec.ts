import { expect, it } from 'vitest'
import { scaledWindow } from './window'

it.each([
  [{ start: 0, end: 100 }, 0.5, undefined, { start: 25, end: 75 }],
  [{ start: 0, end: 100 }, 0.5, 10, { start: 0, end: 50 }],
  [{ start: 0, end: 100 }, 0.5, 90, { start: 50, end: 100 }],
  [{ start: 20, end: 40 }, 2, undefined, { start: 10, end: 50 }],
  [{ start: 0, end: 80 }, 2, undefined, { start: 0, end: 100 }],
  [{ start: 10, end: 30 }, 1, 25, { start: 15, end: 35 }],
] as const)('shows of %o, times %d around %s, %o', (window, scale, middle, shown) => {
  expect(scaledWindow(window, scale, middle)).toEqual(shown)
})
