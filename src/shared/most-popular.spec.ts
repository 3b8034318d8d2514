import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostLeft, mostPopular, mostPopularFrom, mostPopularInput, mostPopularText } from './most-popular'

describe('the most popular items', () => {
  it.each([
    ['500', 500, '500'],
    ['12345', 12_345, '12,345'],
    ['33%', { share: 0.33, of: null }, '33 % of the catalogue'],
    [' 33.3 % ', { share: 0.333, of: null }, '33.3 % of the catalogue'],
    ['57% of 10000', { share: 0.57, of: 10_000 }, '57 % of the catalogue of the 10,000 most popular'],
  ])('are read from “%s”', (text, chosen, said) => {
    expect(mostPopularFrom(text)).toEqual(chosen)
    expect(mostPopularText(mostPopular.parse(chosen))).toBe(said)
  })

  it.each(['', '0', '-5', '1.5', '0%', '100%', '133%', '%', '33 % of', '33% of 0', '33 of 500', 'half', '1e3'])(
    'are not read from “%s”',
    (text) => {
      expect(mostPopularFrom(text)).toBeNull()
    },
  )

  it('are written so that they are read again', () => {
    const count = fc.integer({ min: 1, max: 1e9 })
    const share = fc.integer({ min: 1, max: 9_999 }).map((n) => n / 10_000)
    const chosen = fc.oneof(count, fc.record({ share, of: fc.option(count, { nil: null }) }))
    fc.assert(
      fc.property(chosen, (one) => {
        expect(mostPopularFrom(mostPopularInput(one))).toEqual(one)
      }),
    )
    // As a library of an earlier version may have it.
    const third = { share: 1 / 3, of: null }
    expect(mostPopularFrom(mostPopularInput(third))).toEqual(third)
  })

  it('leave at most so many', () => {
    expect([null, 30, 500, { share: 0.25, of: null }, { share: 0.5, of: 40 }].map((one) => mostLeft(one, 100))).toEqual(
      [100, 30, 100, 25, 20],
    )
  })
})
