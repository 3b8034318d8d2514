import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import fixture from '../../../../test/fixtures/oracle/metrics.json'
import { topK } from '../ranking'
import type { UserMetric } from './metric'
import { ndcg } from './ndcg'
import { recall } from './recall'

const on = (metric: UserMetric, ranking: number[], relevant: number[]): number =>
  metric.of({ ranking, relevant: new Set(relevant) })

describe('recall', () => {
  it('divides by min(k, |R|): a list of k hits is perfect with any number of targets', () => {
    expect(on(recall(2), [5, 6, 7], [5, 6, 7, 8])).toBe(1)
    expect(on(recall(3), [5, 9, 7], [5, 7])).toBe(1)
    expect(on(recall(4), [1, 2, 3, 4], [4, 8, 9])).toBeCloseTo(1 / 3, 12)
  })

  it('divides by |R| on request (equation 16)', () => {
    expect(on(recall(2, '|R|'), [5, 6, 7], [5, 6, 7, 8])).toBe(0.5)
  })

  it('ignores ranks beyond k', () => {
    expect(on(recall(2), [1, 2, 5], [5])).toBe(0)
  })
})

describe('ndcg', () => {
  it('is 1 for a list that starts with all targets, in any order', () => {
    expect(on(ndcg(100), [7, 5, 6, 1], [5, 6, 7])).toBe(1)
  })

  it('discounts by log₂(rank + 1), by hand', () => {
    // Hits at places 1 and 3 of two targets: (1/log₂2 + 1/log₂4) / (1/log₂2 + 1/log₂3).
    expect(on(ndcg(10), [5, 1, 6], [5, 6])).toBeCloseTo((1 + 0.5) / (1 + 1 / Math.log2(3)), 12)
    expect(on(ndcg(10), [1, 5], [5])).toBeCloseTo(1 / Math.log2(3), 12)
  })

  it('takes the ideal over min(k, |R|)', () => {
    expect(on(ndcg(2), [5, 6], [5, 6, 7, 8])).toBe(1)
  })
})

it('refuses a user without targets instead of making up a value', () => {
  expect(() => on(recall(5), [1], [])).toThrow(RangeError)
  expect(() => on(ndcg(5), [1], [])).toThrow(RangeError)
})

it('lies between 0 and 1, and never falls when a hit moves up', () => {
  const list = fc.uniqueArray(fc.nat(40), { minLength: 2, maxLength: 30 })
  fc.assert(
    fc.property(list, fc.uniqueArray(fc.nat(40), { minLength: 1 }), fc.nat(), (ranking, relevant, at) => {
      const rank = 1 + (at % (ranking.length - 1))
      const moved = [...ranking]
      const [above, here] = [moved[rank - 1] ?? 0, moved[rank] ?? 0]
      const gains = relevant.includes(here) && !relevant.includes(above)
      if (gains) [moved[rank - 1], moved[rank]] = [here, above]
      for (const metric of [recall(5), recall(5, '|R|'), ndcg(10)]) {
        const before = on(metric, ranking, relevant)
        expect(before).toBeGreaterThanOrEqual(0)
        expect(before).toBeLessThanOrEqual(1 + 1e-12)
        expect(on(metric, moved, relevant)).toBeGreaterThanOrEqual(before)
      }
    }),
  )
})

describe('the golden fixture', () => {
  const measured: Readonly<Record<keyof (typeof fixture)['mean_over_users'], UserMetric>> = {
    'recall@5_min': recall(5),
    'recall@5_all': recall(5, '|R|'),
    'recall@20_min': recall(20),
    'recall@20_all': recall(20, '|R|'),
    'ndcg@10': ndcg(10),
    'ndcg@100': ndcg(100),
  }
  const names = Object.keys(measured) as (keyof typeof measured)[]
  const users = fixture.users.map((user) => ({
    user,
    ranking: topK(Float32Array.from(user.scores), user.seen, 100),
    relevant: new Set(user.targets),
  }))

  it('has the same first twenty of every user', () => {
    for (const { user, ranking } of users) expect([...ranking.slice(0, 20)]).toEqual(user.ranking_top20)
  })

  it.each(names)('agrees on %s, per user and in the mean', (name) => {
    const values = users.map((u) => measured[name].of(u))
    values.forEach((value, u) => expect(value).toBeCloseTo(fixture.users[u]?.metrics[name] ?? Number.NaN, 8))
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(fixture.mean_over_users[name], 8)
  })
})
