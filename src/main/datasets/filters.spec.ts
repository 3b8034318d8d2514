import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PreparationStep } from '../../shared/filter-steps'
import { defaultPreparation, defaultSplit, type Preparation } from '../../shared/runs'
import { openStore } from '../store/open'
import type { Store } from '../store/store'
import { sampled, withEnough } from './filters'
import { leakChecks } from './leak-check'
import type { PositiveHistory } from './positive-history'
import { positiveHistories } from './positive-histories'
import { prepareData } from './prepare'
import { writeRatings } from './written-dataset.fixture'

const history = (items: readonly number[], user: number): PositiveHistory => ({
  user,
  externalId: `u${user}`,
  items: Int32Array.from(items),
  times: null,
})
const histories = fc
  .array(fc.uniqueArray(fc.integer({ min: 0, max: 9 })), { maxLength: 14 })
  .map((rows) => rows.map(history))
const minima = fc.record({
  minInteractions: fc.integer({ min: 1, max: 4 }),
  minPerItem: fc.integer({ min: 1, max: 4 }),
})
const plain = (of: readonly PositiveHistory[]): unknown => of.map(({ user, items }) => [user, [...items]])

describe('both minimums, repeated', () => {
  test('leave the largest part in which all have enough', () => {
    fc.assert(
      fc.property(histories, minima, (all, wanted) => {
        // The definition: drop users and items with too few, one at a time, until none is left.
        let left = all.map(({ user, items }) => ({ user, items: [...items] }))
        for (;;) {
          const poorItem = left
            .flatMap(({ items }) => items)
            .find((item) => left.filter(({ items }) => items.includes(item)).length < wanted.minPerItem)
          const poorUser = left.find(({ items }) => items.length < wanted.minInteractions)
          if (poorUser) left = left.filter((user) => user !== poorUser)
          else if (poorItem !== undefined)
            left = left.map(({ user, items }) => ({ user, items: items.filter((item) => item !== poorItem) }))
          else break
        }
        expect(plain(withEnough(all, wanted, 10).histories)).toEqual(left.map(({ user, items }) => [user, items]))
      }),
      { numRuns: 400 },
    )
  })

  test('count the rounds that they took', () => {
    // Each user hangs on the next: taking one item away unravels all.
    const chain = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ].map(history)
    const { histories: left, rounds } = withEnough(chain, { minInteractions: 2, minPerItem: 2 }, 5)
    expect(left).toEqual([])
    expect(rounds).toBeGreaterThan(1)
  })
})

test('a sample depends on ids and seed, not on the order', () => {
  const all = Array.from({ length: 300 }, (_, user) => history([0], user))
  const preparation = { ...defaultPreparation, sample: 0.3 }
  const chosen = sampled(all, preparation).map(({ user }) => user)
  expect(chosen.length).toBeGreaterThan(50)
  expect(chosen.length).toBeLessThan(150)
  expect(
    sampled(all.toReversed(), preparation)
      .map(({ user }) => user)
      .toReversed(),
  ).toEqual(chosen)
  expect(sampled(all, { ...preparation, sampleSeed: 2 }).map(({ user }) => user)).not.toEqual(chosen)
})

describe('a data set', () => {
  let library: string
  let store: Store
  beforeAll(() => {
    library = mkdtempSync(join(tmpdir(), 'vasp-filters-'))
    store = openStore(library)
  })
  afterAll(() => {
    store.close()
    rmSync(library, { recursive: true, force: true })
  })
  const day = (n: number): number => Date.UTC(2020, 0, n) / 1000
  const prepare = (
    changes: Partial<Preparation>,
    dataset: ReturnType<typeof writeRatings>,
  ): [PreparationStep[], PositiveHistory[]] => {
    const steps: PreparationStep[] = []
    const preparation = { ...defaultPreparation, minInteractions: 1, ...changes }
    const left = positiveHistories(store, dataset, preparation, (step) => steps.push(step))
    return [steps, left]
  }

  test('reports what each filter step left', () => {
    const dataset = writeRatings(store, 'timed', 4, {
      a: [
        [0, 5, day(1)],
        [1, 5, day(2)],
        [2, 2, day(3)],
      ],
      b: [
        [0, 4, day(2)],
        [1, 5, day(3) - 1],
        [3, 5, day(9)],
      ],
      c: [[3, 1, day(2)]],
    })
    const [steps, left] = prepare({ from: '2020-01-01', until: '2020-01-02', mostPopular: 1 }, dataset)
    expect(steps.map(({ filter, users, items, interactions }) => [filter, users, items, interactions])).toEqual([
      ['all', 3, 4, 7],
      ['threshold', 2, 3, 5],
      ['days', 2, 2, 4],
      ['popular', 2, 1, 2],
      ['minimum', 2, 1, 2],
    ])
    expect(plain(left)).toEqual([
      [0, [0]],
      [1, [0]],
    ])
  })

  test('without times has no days to choose', () => {
    const dataset = writeRatings(store, 'timeless', 1, { a: [[0, 5]] })
    expect(() => prepare({ from: '2020-01-01' }, dataset)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })

  test.each(['users', 'leave-last-out', 'date'] as const)(
    'divided by %s leaks nothing, and a planted leak is found',
    (method) => {
      const dataset = writeRatings(
        store,
        `divided ${method}`,
        8,
        Object.fromEntries(
          Array.from({ length: 30 }, (_, user) => [
            `u${user}`,
            [0, 1, 2, 3, 4, 5].map((n) => [(user + n) % 8, 5, day(1 + n * 2 + (user % 2))] as const),
          ]),
        ),
      )
      const split = {
        ...defaultSplit,
        method,
        test: null,
        validation: null,
        date: method === 'date' ? '2020-01-09' : null,
      }
      const data = prepareData(store, dataset, defaultPreparation, split)
      const checks = leakChecks(store, dataset, method, data)
      expect(checks.map(({ violations }) => violations)).toEqual(checks.map(() => 0))
      expect(checks.every(({ checked }) => checked > 0)).toBe(true)

      const leaking = { ...data, test: { ...data.test, foldIn: data.test.targets } }
      const shown = leakChecks(store, dataset, method, leaking).find(
        ({ claim }) => claim === 'No target is in the fold-in',
      )
      expect(shown?.violations).toBe(data.test.users.length)
    },
  )
})
