import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetId } from '../../shared/ids'
import { defaultPreparation, defaultSplit, type Preparation, type SplitSettings } from '../../shared/runs'
import { columnCounts, rowOf } from '../numeric/csr'
import { openStore } from '../store/open'
import type { Store } from '../store/store'
import { catalogueItems, historyBatches, userHistory } from './histories'
import { heldOutUsers, prepareData } from './prepare'
import type { PreparedData } from './prepared'
import { type Ratings, writeRatings } from './written-dataset.fixture'

let library: string
let store: Store
let written = 0
beforeAll(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-datasets-'))
  store = openStore(library)
})
afterAll(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const preparation: Preparation = { ...defaultPreparation, minInteractions: 2 }
const split: SplitSettings = { ...defaultSplit, test: 3, validation: 2 }
const itemCount = 12
const write = (ratings: Ratings): DatasetId => writeRatings(store, `set ${written++}`, itemCount, ratings)
const prepared = (dataset: DatasetId, changes: Partial<SplitSettings> = {}): PreparedData =>
  prepareData(store, dataset, preparation, { ...split, ...changes })

/** Tables of 15–30 users in which everybody likes the first three items, so that something is always left to score. */
const tables = fc
  .array(
    fc.uniqueArray(fc.tuple(fc.integer({ min: 3, max: itemCount - 1 }), fc.constantFrom(1, 3.5, 4, 5)), {
      selector: ([item]) => item,
      maxLength: 9,
    }),
    { minLength: 15, maxLength: 30 },
  )
  .map((users): Ratings =>
    Object.fromEntries(
      users.map((rated, user) => [`u${user}`, [[0, 5] as const, [1, 4] as const, [2, 4.5] as const, ...rated]]),
    ),
  )

/** Names a result's content independently of dense indexes. */
const named = (dataset: DatasetId, data: PreparedData): unknown => {
  const users = [...store.datasets.histories(dataset)].map(({ externalId }) => externalId)
  const item = (model: number): number | undefined => data.catalogue[model]
  const textOf = ({ users: held, foldIn, targets }: PreparedData['test']): unknown =>
    Array.from(held, (user, row): [string, unknown] => [
      users[user] ?? '',
      { foldIn: [...rowOf(foldIn, row)].map(item), targets: [...rowOf(targets, row)].map(item) },
    ]).sort()
  return {
    train: Array.from(data.trainUsers, (user) => users[user]).sort(),
    validation: textOf(data.validation),
    test: textOf(data.test),
  }
}

describe('the protocol', () => {
  test('holds for any table', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 0, max: 1e6 }), (ratings, seed) => {
        const dataset = write(ratings)
        const data = prepared(dataset, { seed })
        const histories = [...store.datasets.histories(dataset)]

        // Whole users are held out: nobody is in two sets.
        const everybody = [...data.trainUsers, ...data.validation.users, ...data.test.users]
        expect(new Set(everybody).size).toBe(everybody.length)

        // The catalogue is exactly what training users like.
        const liked = (user: number): number[] =>
          [...(histories[user]?.items ?? [])].filter((_, i) => (histories[user]?.ratings?.[i] ?? 0) >= 4)
        const known = new Set([...data.trainUsers].flatMap(liked))
        expect([...data.catalogue]).toEqual([...known].sort((a, b) => a - b))
        data.trainUsers.forEach((user, row) => {
          expect([...rowOf(data.train, row)].map((i) => data.catalogue[i])).toEqual(liked(user))
        })
        expect(Math.min(...columnCounts(data.train))).toBeGreaterThan(0)

        // Fold-in and targets are disjoint, together what the user likes of the catalogue, and of the protocol's sizes.
        for (const held of [data.validation, data.test])
          held.users.forEach((user, row) => {
            const [foldIn, targets] = [[...rowOf(held.foldIn, row)], [...rowOf(held.targets, row)]]
            const whole = liked(user).filter((item) => known.has(item))
            expect([...foldIn, ...targets].map((i) => data.catalogue[i] ?? -1).sort((a, b) => a - b)).toEqual(
              whole.sort((a, b) => a - b),
            )
            expect(targets).toHaveLength(Math.max(1, Math.floor(whole.length / 5)))
          })
      }),
      { numRuns: 40 },
    )
  })

  test('the same seed gives the same split for any order of the users in the export', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 0, max: 1e6 }), (ratings, seed) => {
        const reversed = Object.fromEntries(Object.entries(ratings).reverse())
        const [first, second] = [write(ratings), write(reversed)]
        expect(named(second, prepared(second, { seed }))).toEqual(named(first, prepared(first, { seed })))
      }),
      { numRuns: 20 },
    )
  })

  test('another seed splits otherwise', () => {
    const everybody = Object.fromEntries(
      Array.from({ length: 60 }, (_, user) => [`u${user}`, [[0, 5] as const, [1, 5] as const, [2, 5] as const]]),
    )
    const dataset = write(everybody)
    expect(prepared(dataset, { seed: 1 }).test.users).not.toEqual(prepared(dataset, { seed: 2 }).test.users)
  })

  test('by default a tenth of the users is held out for each set', () => {
    const dataset = write(
      Object.fromEntries(Array.from({ length: 40 }, (_, user) => [`u${user}`, [[0, 5] as const, [1, 5] as const]])),
    )
    const { summary } = prepared(dataset, { test: null, validation: null })
    expect(summary).toMatchObject({ testUsers: 4, validationUsers: 4, trainUsers: 32, trainInteractions: 64 })
  })
})

describe('preparing', () => {
  const twenty = (liked: readonly (readonly [number, number])[]): Ratings =>
    Object.fromEntries(Array.from({ length: 20 }, (_, user) => [`u${user}`, liked]))

  test('a rating equal to the threshold counts, even if float32 cannot represent it', () => {
    const dataset = write(
      twenty([
        [0, 4.1],
        [1, 4.1],
        [2, 4.0],
      ]),
    )
    const data = prepareData(store, dataset, { ...preparation, threshold: 4.1 }, split)
    expect([...data.catalogue]).toEqual([0, 1])
  })

  test('users with fewer interactions than the minimum are left out', () => {
    const dataset = write({
      ...twenty([
        [0, 5],
        [1, 5],
      ]),
      few: [[2, 5]],
    })
    const data = prepared(dataset)
    expect([...data.catalogue]).toEqual([0, 1])
    expect(data.summary.droppedUsers).toBe(1)
  })

  test('a share of the catalogue has the items that most training users like, chosen from the most popular items if both are given', () => {
    const ratings = Object.fromEntries(
      Array.from({ length: 30 }, (_, user) => [
        `u${String(user).padStart(2, '0')}`,
        [[4, 5] as const, [7, 5] as const, [user % 4, 5] as const],
      ]),
    )
    const dataset = write(ratings)
    const catalogue = (mostPopular: Preparation['mostPopular']): number[] => [
      ...prepareData(store, dataset, { ...preparation, mostPopular }, split).catalogue,
    ]
    expect(catalogue({ share: 1 / 3, of: null })).toEqual([4, 7])
    expect(catalogue({ share: 0.75, of: 4 })).toEqual([0, 4, 7])
  })

  test('too large sets of held-out users are refused with their numbers', () => {
    const dataset = write(
      twenty([
        [0, 5],
        [1, 5],
      ]),
    )
    const refused = {
      code: 'BAD_INPUT',
      message: expect.stringMatching(/10 test and 8 validation users leave 2 of 20/) as string,
    }
    expect(() => prepared(dataset, { test: 10, validation: 8 })).toThrow(expect.objectContaining(refused))
  })

  test('a threshold above all ratings is refused', () => {
    const dataset = write(
      twenty([
        [0, 1],
        [1, 1],
      ]),
    )
    expect(() => prepared(dataset)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})

describe('histories for recommending', () => {
  const ratings: Ratings = {
    a: [
      [3, 5],
      [0, 4],
      [1, 1],
    ],
    b: [[5, 5]],
    c: [[0, 1]],
  }
  const catalogue = Int32Array.of(0, 1, 3)

  test('are all liked items of the catalogue, by model index', () => {
    const dataset = write(ratings)
    expect([...userHistory(store, dataset, preparation, catalogue, 'a')]).toEqual([2, 0])
    expect([...userHistory(store, dataset, preparation, catalogue, 'b')]).toEqual([])
    const { items, indexOf } = catalogueItems(store, dataset, catalogue)
    expect(items.map(({ externalId }) => externalId)).toEqual(['i0', 'i1', 'i3'])
    expect(indexOf.get('i3')).toBe(2)
  })

  test('refuse a catalogue with items that the data set has no more, instead of shifting the others', () => {
    const dataset = write(ratings)
    expect(() => catalogueItems(store, dataset, Int32Array.of(0, itemCount, 3, itemCount + 7))).toThrow(
      expect.objectContaining({
        code: 'DAMAGED_FILE',
        message: expect.stringContaining('lacks 2 of the 4') as string,
      }),
    )
  })

  test('come in batches, all of them or the requested ones', () => {
    const dataset = write(ratings)
    const read = (users: 'all' | string[]): unknown =>
      [...historyBatches(store, dataset, preparation, catalogue, users, 2)].map(({ users: names, histories }) => ({
        names,
        rows: names.map((_, row) => [...rowOf(histories, row)]),
      }))
    expect(read('all')).toEqual([
      { names: ['a', 'b'], rows: [[2, 0], []] },
      { names: ['c'], rows: [[]] },
    ])
    expect(read(['c', 'a'])).toEqual([{ names: ['c', 'a'], rows: [[], [2, 0]] }])
  })

  test('an unknown user is named', () => {
    const dataset = write(ratings)
    const unknown: unknown = expect.objectContaining({
      code: 'NOT_FOUND',
      message: expect.stringContaining('nobody') as string,
    })
    expect(() => userHistory(store, dataset, preparation, catalogue, 'nobody')).toThrow(unknown)
    expect(() => [...historyBatches(store, dataset, preparation, catalogue, ['nobody'], 2)]).toThrow(unknown)
    expect(() => heldOutUsers(store, dataset, preparation, split, catalogue, ['nobody'])).toThrow(unknown)
  })

  test('chosen users are scored by the run’s own protocol', () => {
    const dataset = write(ratings)
    const held = heldOutUsers(store, dataset, preparation, split, catalogue, ['b', 'a', 'a'])
    expect([...held.users]).toEqual([0])
    expect([...rowOf(held.foldIn, 0), ...rowOf(held.targets, 0)].sort()).toEqual([0, 2])
  })
})
