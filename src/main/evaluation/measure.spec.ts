import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Segment, UserMetricName } from '../../shared/metrics'
import { userMetricNames } from '../../shared/metrics'
import type { RecallDenominator } from '../../shared/runs'
import type { HeldOut } from '../datasets/prepared'
import { csrFromRows, rowOf } from '../numeric/csr'
import { meanAndError } from '../numeric/statistics'
import { Measuring, type Measurement } from './measure'
import type { CatalogueFacts } from './metrics/reported'

const heldOut = (foldIn: number[][], targets: number[][], items: number): HeldOut => ({
  users: Int32Array.from({ length: foldIn.length }, (_, user) => user),
  foldIn: csrFromRows(foldIn, items),
  targets: csrFromRows(targets, items),
})
const lists = (...rows: number[][]): Int32Array[] => rows.map((row) => Int32Array.from(row))
function measureLists(
  rankings: readonly Int32Array[],
  data: HeldOut,
  catalogue: CatalogueFacts,
  denominator: RecallDenominator,
): Measurement {
  const measuring = new Measuring(data, catalogue, denominator)
  rankings.forEach((ranking, user) => measuring.add(user, ranking))
  return measuring.finish()
}
const segment = ({ segments }: Measurement, name: Segment['name']): Segment => {
  const found = segments.find((one) => one.name === name)
  if (!found) throw new Error(`no segment ${name}`)
  return found
}

/** Item 0 has half of the interactions, items 1 and 2 the next, the others are rare. */
const facts: CatalogueFacts = {
  trainUsers: 12,
  trainCounts: [12, 6, 6, 3, 3, 3, 3],
  genres: [['A'], ['B'], [], ['A'], ['A'], [], []],
}

describe('measuring lists', () => {
  const data = heldOut([[6], [5, 6]], [[0, 3], [1]], 7)
  const measured = measureLists(lists([0, 1, 3], [0, 2, 1]), data, facts, 'min(k, |R|)')

  it('gives every metric over all users, by hand', () => {
    const { metrics } = measured
    expect(metrics['recall@20'].mean).toBe(1)
    expect(metrics['precision@20']?.mean).toBeCloseTo((2 / 20 + 1 / 20) / 2, 6)
    expect(metrics.mrr?.mean).toBeCloseTo((1 + 1 / 3) / 2, 6)
    expect(metrics['map@100']?.mean).toBeCloseTo(((1 + 2 / 3) / 2 + 1 / 3) / 2, 6)
    expect(metrics['hit-rate@10']?.mean).toBe(1)
    // Items 0, 1, 2 and 3 of seven stand in a list.
    expect(metrics['coverage@20']?.mean).toBeCloseTo(4 / 7, 12)
    // Counts 2, 2, 1, 1, 0, 0, 0 in ascending order: (2·1 − 6 … ) by the definition over pairs: 32 / (2 · 7 · 6).
    expect(metrics['gini@20']?.mean).toBeCloseTo((2 * (2 * 1 * 2 + 2 * 3 * 2 + 2 * 3 * 1)) / (2 * 7 * 6), 12)
    // First list: A and B, A and A, B and A: (1 + 0 + 1) / 3. Second: item 2 has no genres, A and B: 1.
    expect(metrics['diversity@20']?.mean).toBeCloseTo((2 / 3 + 1) / 2, 6)
    expect(metrics['novelty@20']?.mean).toBeCloseTo(((0 + 1 + 2) / 3 + (0 + 1 + 1) / 3) / 2, 6)
  })

  it('has the jackknife’s error for a figure of all lists', () => {
    // Without either user three of seven items are covered: no difference, no error.
    expect(measured.metrics['coverage@20']).toMatchObject({ se: 0, users: 2 })
    const uneven = measureLists(lists([0, 1, 3], [0]), data, facts, 'min(k, |R|)')
    // 1/7 and 3/7 without one of two: √(1/2 · 2 · (1/7)²) = 1/7.
    expect(uneven.metrics['coverage@20']?.se).toBeCloseTo(1 / 7, 12)
  })

  it('measures the users of a segment alone', () => {
    const light = segment(measured, 'light')
    expect(light).toMatchObject({ by: 'user-activity', low: 1, high: 1, members: 1 })
    expect(light.metrics.mrr).toEqual({ mean: 1, se: null, users: 1 })
    expect(light.metrics['coverage@20']?.mean).toBeCloseTo(3 / 7, 12)
    expect(segment(measured, 'medium').metrics.mrr?.mean).toBeCloseTo(1 / 3, 6)
  })

  it('counts only the targets of an item segment, of the users who have any there', () => {
    expect(segment(measured, 'head')).toMatchObject({ by: 'item-popularity', low: 12, high: 12, members: 1 })
    const tail = segment(measured, 'tail')
    expect(tail).toMatchObject({ low: 3, high: 3, members: 4 })
    // The first user's target 3 stands at rank 3 of the whole list; the second has none there.
    expect(tail.metrics['ndcg@100']).toMatchObject({ users: 1 })
    expect(tail.metrics['ndcg@100']?.mean).toBeCloseTo(1 / Math.log2(4), 6)
    expect(tail.metrics['coverage@20']?.mean).toBe(1 / 4)
    expect(tail.metrics['novelty@20']).toBeUndefined()
  })

  it('divides recall as the protocol says, and always by |R| under a separate name', () => {
    const thirty = Array.from({ length: 30 }, (_, item) => item)
    const known = { trainUsers: 1, trainCounts: thirty.map(() => 1), genres: thirty.map(() => []) }
    const all = heldOut([[]], [thirty], 30)
    const ten = lists(thirty.slice(0, 10))
    const [min, whole] = [measureLists(ten, all, known, 'min(k, |R|)'), measureLists(ten, all, known, '|R|')]
    expect(min.metrics['recall@20'].mean).toBe(0.5)
    expect(whole.metrics['recall@20'].mean).toBeCloseTo(1 / 3, 6)
    for (const { metrics } of [min, whole]) expect(metrics['recall-all@20']?.mean).toBeCloseTo(1 / 3, 6)
  })

  it('leaves diversity out if no item has genres', () => {
    const bare = measureLists(
      lists([0, 1, 3], [0, 2, 1]),
      data,
      { ...facts, genres: facts.genres.map(() => []) },
      '|R|',
    )
    expect(Object.keys(bare.metrics)).not.toContain('diversity@20')
    expect([...(bare.perUser.get('diversity@20') ?? [])]).toEqual([Number.NaN, Number.NaN])
  })
})

const user = fc.record({
  list: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
  foldIn: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6]),
  targets: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
})

describe('per-user values', () => {
  it('average to the reported figure, over all and within every segment of users', () => {
    fc.assert(
      fc.property(fc.array(user, { minLength: 1, maxLength: 12 }), (users) => {
        const data = heldOut(
          users.map(({ foldIn }) => foldIn),
          users.map(({ targets }) => targets),
          7,
        )
        const measured = measureLists(lists(...users.map(({ list }) => list)), data, facts, 'min(k, |R|)')
        const told = (name: UserMetricName, of: (user: number) => boolean): number[] =>
          [...(measured.perUser.get(name) ?? [])].filter((value, at) => !Number.isNaN(value) && of(at))
        for (const name of userMetricNames) {
          const values = told(name, () => true)
          expect(measured.metrics[name]).toEqual(values.length > 0 ? meanAndError(values) : undefined)
          for (const { by, low, high, metrics } of measured.segments) {
            if (by !== 'user-activity') continue
            const theirs = told(name, (at) => {
              const { length } = rowOf(data.foldIn, at)
              return length >= low && length <= high
            })
            expect(metrics[name]).toEqual(theirs.length > 0 ? meanAndError(theirs) : undefined)
          }
        }
      }),
    )
  })
})
