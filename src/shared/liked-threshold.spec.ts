import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { suggestedThreshold, valueKindOf, type LikedSuggestion, type ValueKind } from './liked-threshold'

const ofValues = (values: readonly number[], kind: ValueKind = 'rating'): LikedSuggestion => {
  const sorted = [...new Set(values)].sort((a, b) => a - b)
  const histogram = sorted.map((rating) => ({ rating, count: values.filter((value) => value === rating).length }))
  return suggestedThreshold({ kind, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, histogram })
}
const steps = (from: number, to: number, by = 1): number[] =>
  Array.from({ length: Math.round((to - from) / by) + 1 }, (_, step) => from + step * by)

describe('what counts as liked', () => {
  test.each([
    ['five stars', steps(1, 5), 4],
    ['half stars', steps(0.5, 5, 0.5), 4],
    ['half stars without a five', steps(0.5, 4, 0.5), 4],
    ['three grades from zero', [0, 1, 2], 2],
    ['thumbs', [0, 1, 1, 0], 1],
    ['thumbs from minus one', [-1, 1], 1],
    ['one to ten', steps(1, 10), 8],
    ['zero to ten with halves', steps(0, 10, 0.5), 8],
    ['per cent', steps(0, 100), 70],
    ['shares of one', steps(0, 1, 0.05), 0.7],
    ['minus ten to ten', steps(-10, 10, 0.5), 5],
  ])('%s', (_, values, threshold) => {
    expect(ofValues(values).threshold).toBe(threshold)
  })

  test('gives the reason', () => {
    expect(ofValues(steps(0.5, 5, 0.5)).evidence).toBe('Ratings go from 0.5 to 5: liked from 4.')
    expect(ofValues([5, 5, 5])).toEqual({
      threshold: null,
      evidence: 'Every rating is 5: every interaction counts as liked.',
    })
    expect(ofValues(steps(1, 3400, 17)).evidence).toBe(
      'Values go from 1 to 3,401, which is not a common rating scale: every interaction counts as liked.',
    )
    expect(ofValues([], 'none').evidence).toBe('Interactions have no value: every interaction counts as liked.')
  })

  test('recognises quantities in a column of ratings: hardly any reaches a threshold', () => {
    const quantities = [...Array.from({ length: 98 }, () => 1), 6, 10]
    expect(ofValues(quantities)).toMatchObject({
      threshold: null,
      evidence: expect.stringMatching(/only 1\.00 %/) as string,
    })
  })

  test('is every interaction for counts and weights of events', () => {
    const kinds = fc.constantFrom<ValueKind>('count', 'event weight')
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), kinds, (values, kind) => {
        expect(ofValues(values, kind).threshold).toBeNull()
      }),
    )
  })

  test('always leaves some interactions, and leaves out none if all are equal', () => {
    const anything = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 30 })
    const grades = fc.array(fc.integer({ min: -3, max: 110 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(fc.oneof(anything, grades), (values) => {
        const { threshold, evidence } = ofValues(values)
        expect(evidence).toMatch(/\.$/)
        if (new Set(values).size === 1) expect(threshold).toBeNull()
        if (threshold !== null) expect(values.some((value) => value >= threshold)).toBe(true)
      }),
    )
  })

  test('depends on the imported columns', () => {
    const none = { rating: null, count: null, event: null }
    const event = { column: 'e', counted: [{ type: 'buy', weight: 5 }] }
    expect(valueKindOf(none, false)).toBe('none')
    expect(valueKindOf({ ...none, rating: 'stars' }, false)).toBe('rating')
    expect(valueKindOf({ ...none, rating: 'stars' }, true)).toBe('count')
    expect(valueKindOf({ ...none, count: 'quantity' }, false)).toBe('count')
    expect(valueKindOf({ ...none, event }, false)).toBe('event weight')
    expect(valueKindOf({ ...none, event: { column: 'e', counted: null } }, false)).toBe('none')
  })
})
