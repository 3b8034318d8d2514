import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnCounts, csrFromRows, rowOf, selectRows } from './csr'
import { jackknifeError } from './jackknife'
import { seededRandom } from './random'
import { meanAndError } from './statistics'

/** Not-a-number, which is close to nothing, where there is no error. */
const errorOf = ({ se }: { se: number | null }): number => se ?? Number.NaN

const columns = 9
const tables = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: columns - 1 })))

describe('CSR', () => {
  test('gives back the rows it was made of', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const csr = csrFromRows(rows, columns)
        expect(csr.rows).toBe(rows.length)
        expect(csr.offsets).toHaveLength(rows.length + 1)
        expect(rows.map((_, r) => [...rowOf(csr, r)])).toEqual(rows)
      }),
    )
  })

  test('selects rows in any order, also twice', () => {
    fc.assert(
      fc.property(
        tables.chain((rows) => fc.tuple(fc.constant(rows), fc.array(fc.nat({ max: Math.max(0, rows.length - 1) })))),
        ([rows, chosen]) => {
          const wanted = rows.length === 0 ? [] : chosen
          const selected = selectRows(csrFromRows(rows, columns), wanted)
          expect(wanted.map((_, r) => [...rowOf(selected, r)])).toEqual(wanted.map((r) => rows[r]))
        },
      ),
    )
  })

  test('counts the rows of each column', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const counts = Array.from({ length: columns }, (_, c) => rows.filter((row) => row.includes(c)).length)
        expect([...columnCounts(csrFromRows(rows, columns))]).toEqual(counts)
      }),
    )
  })
})

describe('seeded random', () => {
  test('draws the same for the same seed, another for another', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect([...seededRandom(seed).normal(7)]).toEqual([...seededRandom(seed).normal(7)])
        expect([...seededRandom(seed).normal(7)]).not.toEqual([...seededRandom(seed ^ 1).normal(7)])
      }),
    )
  })

  test('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1e6 }), (seed, below) => {
        const random = seededRandom(seed)
        const drawn = random.integer(below)
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < below).toBe(true)
        const share = random.uniform()
        expect(share >= 0 && share < 1).toBe(true)
      }),
    )
  })

  test('shuffles into a permutation', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 50 }), (seed, n) => {
        const shuffled = seededRandom(seed).shuffle(Int32Array.from({ length: n }, (_, i) => i))
        expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
      }),
    )
  })

  test('reaches every permutation about equally often', () => {
    const random = seededRandom(1)
    const counts = new Map<string, number>()
    const draws = 6000
    for (let i = 0; i < draws; i++) {
      const key = random.shuffle([1, 2, 3]).join('')
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // Five standard deviations of a binomial with p = 1/6.
    const deviation = Math.sqrt(draws * (1 / 6) * (5 / 6))
    for (const count of counts.values()) expect(Math.abs(count - draws / 6)).toBeLessThan(5 * deviation)
  })

  test('forks do not depend on earlier draws', () => {
    const [fresh, used] = [seededRandom(5), seededRandom(5)]
    used.normal(100)
    expect(used.fork('a').uniform()).toBe(fresh.fork('a').uniform())
    expect(fresh.fork('a').uniform()).not.toBe(fresh.fork('b').uniform())
  })

  test('normal draws have mean 0 and variance 1', () => {
    const n = 100_000
    const draws = seededRandom(3).normal(n)
    const mean = draws.reduce((sum, x) => sum + x, 0) / n
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n))
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
  })
})

describe('mean and standard error', () => {
  test('of 1, 2, 3, 4 are 2.5 and √(5/3)/2', () => {
    const { mean, se, users } = meanAndError([1, 2, 3, 4])
    expect([mean, users]).toEqual([2.5, 4])
    expect(se).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12)
  })

  test('have no error for one value or none', () => {
    expect(meanAndError([])).toEqual({ mean: 0, se: null, users: 0 })
    expect(meanAndError([0.3])).toEqual({ mean: 0.3, se: null, users: 1 })
  })

  test('shift and scale with the values', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2 })
    fc.assert(
      fc.property(values, fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }), (xs, shift, scale) => {
        const [before, after] = [meanAndError(xs), meanAndError(xs.map((x) => scale * x + shift))]
        expect(after.mean).toBeCloseTo(scale * before.mean + shift, 6)
        expect(after.se).toBeCloseTo(scale * errorOf(before), 6)
      }),
    )
  })
})

describe('the jackknife', () => {
  const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 30 })

  test('gives a mean its own standard error', () => {
    fc.assert(
      fc.property(values, (xs) => {
        const without = (left: number): number => meanAndError(xs.filter((_, user) => user !== left)).mean
        expect(jackknifeError(xs.length, without)).toBeCloseTo(errorOf(meanAndError(xs)), 9)
      }),
    )
  })

  test('is null for one group, and if the figure is undefined without a group', () => {
    expect(jackknifeError(1, () => 3)).toBeNull()
    expect(jackknifeError(3, (group) => (group === 1 ? null : group))).toBeNull()
  })
})
