import fc from 'fast-check'
import { expect, test } from 'vitest'
import { itemsByPopularity, usersByActivity } from './segments'

const shown = (segments: ReturnType<typeof usersByActivity>): unknown[] =>
  segments.map(({ name, low, high, members }) => [name, low, high, [...members]])

test('users fall into thirds by the length of their fold-in', () => {
  expect(shown(usersByActivity([9, 4, 30, 5, 12, 80]))).toEqual([
    ['light', 4, 5, [1, 3]],
    ['medium', 9, 12, [0, 4]],
    ['heavy', 30, 80, [2, 5]],
  ])
})

test('users with equally long fold-ins stay together, and an empty segment is left out', () => {
  expect(shown(usersByActivity([4, 4, 4, 4, 9, 9]))).toEqual([
    ['light', 4, 4, [0, 1, 2, 3]],
    ['heavy', 9, 9, [4, 5]],
  ])
  expect(usersByActivity([])).toEqual([])
})

test('items fall into head, mid and tail, each with a third of the interactions', () => {
  // 30 interactions: item 2 has ten, items 0 and 4 five each, the ten others one each.
  const counts = [5, 1, 10, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1]
  expect(shown(itemsByPopularity(counts))).toEqual([
    ['head', 10, 10, [2]],
    ['mid', 5, 5, [0, 4]],
    ['tail', 1, 1, [1, 3, 5, 6, 7, 8, 9, 10, 11, 12]],
  ])
})

test('every user is in exactly one segment, and the segments’ ranges do not overlap', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 50 }), (numbers) => {
      for (const [segments, ascending] of [
        [usersByActivity(numbers), 1],
        [itemsByPopularity(numbers), -1],
      ] as const) {
        const members = segments.flatMap((segment) => [...segment.members])
        expect(members.sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index))
        for (const { low, high, members: within } of segments)
          for (const member of within) {
            expect(numbers[member]).toBeGreaterThanOrEqual(low)
            expect(numbers[member]).toBeLessThanOrEqual(high)
          }
        const borders = segments.flatMap(({ low, high }) => (ascending > 0 ? [low, high] : [-high, -low]))
        expect(borders).toEqual([...borders].sort((a, b) => a - b))
      }
    }),
  )
})
