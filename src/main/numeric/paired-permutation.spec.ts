import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pairedPermutation } from './paired-permutation'
import { seededRandom } from './random'

/** The same test without chance: every one of the 2ⁿ sign assignments, integers so that ties are exact. */
function exact(a: readonly number[], b: readonly number[]): number {
  const differences = a.map((value, user) => value - (b[user] ?? 0))
  const seen = Math.abs(differences.reduce((sum, d) => sum + d, 0))
  const assignments = 2 ** differences.length
  let hits = 0
  for (let signs = 0; signs < assignments; signs++) {
    const sum = differences.reduce((total, d, user) => total + ((signs >> user) & 1 ? d : -d), 0)
    if (Math.abs(sum) >= seen) hits++
  }
  return hits / assignments
}

const rounds = 4000
const of = (a: readonly number[], b: readonly number[], seed = 1): number =>
  pairedPermutation(a, b, { rounds, random: seededRandom(seed) })

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
  minLength: 1,
  maxLength: 9,
})

describe('the paired permutation test', () => {
  test('agrees with the enumeration of all signs', () => {
    fc.assert(
      fc.property(pairs, fc.integer(), (users, seed) => {
        const [a, b] = [users.map(([x]) => x), users.map(([, y]) => y)]
        const p = exact(a, b)
        // Five standard deviations of a share of `rounds` draws, and the seen one that is counted in.
        expect(Math.abs(of(a, b, seed) - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / rounds) + 2 / rounds)
      }),
    )
  })

  test('by hand: five users who all gain 1 have two of 32 assignments as far out', () => {
    expect(exact([2, 3, 4, 5, 6], [1, 2, 3, 4, 5])).toBe(2 / 32)
    expect(of([2, 3, 4, 5, 6], [1, 2, 3, 4, 5])).toBeCloseTo(2 / 32, 1)
  })

  test('is two-sided: who is called a does not matter', () => {
    fc.assert(
      fc.property(pairs, (users) => {
        const [a, b] = [users.map(([x]) => x), users.map(([, y]) => y)]
        expect(of(a, b)).toBe(of(b, a))
      }),
      { numRuns: 20 },
    )
  })

  test('is 1 for equal systems and never 0 for the most different', () => {
    expect(of([1, 2, 3], [1, 2, 3])).toBe(1)
    const many = Array.from({ length: 200 }, (_, user) => user + 1)
    expect(
      of(
        many,
        many.map(() => 0),
      ),
    ).toBe(1 / (1 + rounds))
  })

  test('counts sums that differ only by rounding as equally far out', () => {
    // 0.1 + 0.2 − 0.3 + 0.3 is 0.30000000000000004 in binary, −0.1 − 0.2 + 0.3 + 0.3 is 0.29999999999999993: both are 0.3.
    expect(of([0.1, 0.2, -0.3, 0.3], [0, 0, 0, 0])).toBe(of([1, 2, -3, 3], [0, 0, 0, 0]))
  })

  test('users without a difference change nothing', () => {
    expect(of([3, 5, 4, 7, 7], [1, 5, 1, 7, 3])).toBe(of([3, 4, 7], [1, 1, 3]))
  })

  test('gives every user a sign, also beyond those of one draw', () => {
    const a = Array.from({ length: 95 }, (_, user) => (user % 2 ? 1 : -1))
    // 48 of one sign against 47 of the other: the sum is as small as it can be, so every assignment is at least as far out.
    expect(
      of(
        a,
        a.map(() => 0),
      ),
    ).toBe(1)
  })

  test('refuses values that cannot be paired, and invalid rounds', () => {
    const random = seededRandom(1)
    expect(() => pairedPermutation([1, 2], [1], { rounds, random })).toThrow(/2 values cannot be paired with 1/)
    expect(() => pairedPermutation([1], [1], { rounds: 0, random })).toThrow(/whole number above 0, not 0/)
  })
})
