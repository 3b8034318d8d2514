import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StudioError } from '../../shared/errors'
import type { DatasetId } from '../../shared/ids'
import { defaultPreparation, defaultSplit, type SplitSettings } from '../../shared/runs'
import { rowOf } from '../numeric/csr'
import { openStore } from '../store/open'
import type { Store } from '../store/store'
import { prepareData } from './prepare'
import type { HeldOut, PreparedData } from './prepared'
import { type Ratings, writeRatings } from './written-dataset.fixture'

let library: string
let store: Store
let written = 0
beforeAll(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-time-'))
  store = openStore(library)
})
afterAll(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const items = 10
const write = (ratings: Ratings): DatasetId => writeRatings(store, `set ${written++}`, items, ratings)
const prepared = (
  dataset: DatasetId,
  split: Partial<SplitSettings>,
  catalogue: 'train' | 'all' = 'train',
): PreparedData =>
  prepareData(store, dataset, { ...defaultPreparation, minInteractions: 1, catalogue }, { ...defaultSplit, ...split })

/** A table may leave nobody to measure, which is refused and says nothing here. */
function preparedOrSkipped(dataset: DatasetId, split: Partial<SplitSettings>): PreparedData {
  try {
    return prepared(dataset, split, 'all')
  } catch (error) {
    fc.pre(!(error instanceof StudioError))
    throw error
  }
}

const day = (n: number): number => Date.parse(`2020-01-${String(n).padStart(2, '0')}T12:00:00Z`) / 1000
/** Each user's items, one a day from the first of January 2020 on. */
const daily = (users: Record<string, readonly number[]>): Ratings =>
  Object.fromEntries(
    Object.entries(users).map(([user, liked]) => [user, liked.map((item, at) => [item, 5, day(at + 1)] as const)]),
  )

/** What each measured user is shown and asked for, by data set items. */
const cuts = ({ catalogue }: PreparedData, { users, foldIn, targets }: HeldOut): unknown =>
  Array.from(users, (user, row) => [
    user,
    Array.from(rowOf(foldIn, row), (item) => catalogue[item]),
    Array.from(rowOf(targets, row), (item) => catalogue[item]),
  ])
const trained = ({ catalogue, trainUsers, train }: PreparedData): unknown =>
  Array.from(trainUsers, (user, row) => [user, Array.from(rowOf(train, row), (item) => catalogue[item])])

/** Histories of 1 to 8 distinct items with ascending times over 30 days, of 6 to 12 users. */
const tables = fc.array(
  fc.uniqueArray(fc.tuple(fc.nat(items - 1), fc.integer({ min: 1, max: 30 })), {
    selector: ([item]) => item,
    minLength: 1,
    maxLength: 8,
  }),
  { minLength: 6, maxLength: 12 },
)
const tableOf = (users: [number, number][][]): Ratings => ({
  // Two users who like everything early and late, so that something is always left to measure.
  first: Array.from({ length: items }, (_, item) => [item, 5, day(3 * item + 1)] as const),
  second: Array.from({ length: items }, (_, item) => [item, 5, day(3 * item + 2)] as const),
  ...Object.fromEntries(
    users.map((rated, user) => [
      `u${user}`,
      rated.toSorted(([, a], [, b]) => a - b).map(([item, on]) => [item, 5, day(on)] as const),
    ]),
  ),
})

/** Data set items that a user is trained on, and their targets in a held-out set. */
const itemsOf = (data: PreparedData, of: PreparedData['train'], users: Int32Array, user: number): number[] => {
  const row = users.indexOf(user)
  return row < 0 ? [] : Array.from(rowOf(of, row), (item) => data.catalogue[item] ?? -1)
}

describe('leave-last-out', () => {
  test('asks for the last item in test and the last but one in validation, by hand', () => {
    const data = prepared(write(daily({ a: [0, 1, 2, 3], b: [3, 2, 1], c: [0, 2] })), { method: 'leave-last-out' })
    expect(trained(data)).toEqual([
      [0, [0, 1]],
      [1, [3]],
      [2, [0, 2]],
    ])
    expect(cuts(data, data.validation)).toEqual([
      [0, [0, 1], [2]],
      // User 1 is asked for item 2, shown item 3; user 2 has too few items to be measured.
      [1, [3], [2]],
    ])
    expect(cuts(data, data.test)).toEqual([
      [0, [0, 1, 2], [3]],
      [1, [3, 2], [1]],
    ])
    expect(data.summary).toMatchObject({ trainUsers: 3, validationUsers: 2, testUsers: 2, droppedUsers: 0 })
  })

  test('measures the requested number of users, drawn by the seed', () => {
    const dataset = write(daily(Object.fromEntries(Array.from({ length: 30 }, (_, u) => [`u${u}`, [u % 3, 3, 4, 5]]))))
    const some = (seed: number): number[] => [
      ...prepared(dataset, { method: 'leave-last-out', test: 8, seed }, 'all').test.users,
    ]
    expect(some(1)).toHaveLength(8)
    expect(some(1)).toEqual(some(1))
    expect(some(1)).not.toEqual(some(2))
    expect(() => prepared(dataset, { method: 'leave-last-out', test: 31 })).toThrow(/31 users .* only 30/)
  })

  test('never trains on a target or shows it, and shows only earlier items', () => {
    fc.assert(
      fc.property(tables, (users) => {
        const dataset = write(tableOf(users))
        const data = prepared(dataset, { method: 'leave-last-out' }, 'all')
        const histories = [...store.datasets.histories(dataset)]
        for (const held of [data.validation, data.test])
          held.users.forEach((user, row) => {
            const history = [...(histories[user]?.items ?? [])]
            const targets = Array.from(rowOf(held.targets, row), (item) => data.catalogue[item] ?? -1)
            const shown = Array.from(rowOf(held.foldIn, row), (item) => data.catalogue[item] ?? -1)
            expect(targets).toEqual([history.at(held === data.test ? -1 : -2)])
            expect(shown).toEqual(history.slice(0, held === data.test ? -1 : -2))
            const learned = itemsOf(data, data.train, data.trainUsers, user)
            expect(learned).toEqual(history.slice(0, -2))
          })
      }),
      { numRuns: 40 },
    )
  })
})

describe('a split by date', () => {
  const users = daily({
    a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    b: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  })

  test('tests on items from the day on, and validates on the last tenth before it, computed by hand', () => {
    // 18 interactions before the tenth: the seventeenth and eighteenth, of the ninth, are the last tenth.
    const data = prepared(write(users), { method: 'date', date: '2020-01-10' })
    expect(data.summary.validationFrom).toBe('2020-01-09T12:00:00.000Z')
    expect(trained(data)).toEqual([
      [0, [0, 1, 2, 3, 4, 5, 6, 7]],
      [1, [9, 8, 7, 6, 5, 4, 3, 2]],
    ])
    expect(cuts(data, data.validation)).toEqual([
      [0, [0, 1, 2, 3, 4, 5, 6, 7], [8]],
      [1, [9, 8, 7, 6, 5, 4, 3, 2], [1]],
    ])
    expect(cuts(data, data.test)).toEqual([
      [0, [0, 1, 2, 3, 4, 5, 6, 7, 8], [9]],
      [1, [9, 8, 7, 6, 5, 4, 3, 2, 1], [0]],
    ])
  })

  test('lets nothing of a later time reach an earlier set', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 8, max: 25 }), (table, on) => {
        const dataset = write(tableOf(table))
        const date = `2020-01-${String(on).padStart(2, '0')}`
        const data = preparedOrSkipped(dataset, { method: 'date', date })
        const border = Date.parse(`${date}T00:00:00Z`) / 1000
        const validationFrom = Date.parse(data.summary.validationFrom ?? '') / 1000
        expect(validationFrom).toBeLessThan(border)
        const histories = [...store.datasets.histories(dataset)]
        const timeOf = (user: number, item: number): number => {
          const history = histories[user]
          return history?.times?.[history.items.indexOf(data.catalogue[item] ?? -1)] ?? Number.NaN
        }
        const times = (rows: PreparedData['train'], users: Int32Array): number[] =>
          Array.from(users).flatMap((user, row) => Array.from(rowOf(rows, row), (item) => timeOf(user, item)))
        const { validation, test: tested } = data
        for (const time of times(data.train, data.trainUsers)) expect(time).toBeLessThan(validationFrom)
        for (const time of times(validation.foldIn, validation.users)) expect(time).toBeLessThan(validationFrom)
        for (const time of times(validation.targets, validation.users)) {
          expect(time).toBeGreaterThanOrEqual(validationFrom)
          expect(time).toBeLessThan(border)
        }
        for (const time of times(tested.foldIn, tested.users)) expect(time).toBeLessThan(border)
        for (const time of times(tested.targets, tested.users)) expect(time).toBeGreaterThanOrEqual(border)
      }),
      { numRuns: 40 },
    )
  })

  test('without anything on one side says from when to when the data reach', () => {
    const dataset = write(users)
    for (const date of ['2019-12-31', '2021-01-01'])
      expect(() => prepared(dataset, { method: 'date', date })).toThrow(/2020-01-01 to 2020-01-10/)
    expect(() => prepared(dataset, { method: 'date' })).toThrow(/needs a date/)
  })
})

test('splits by time refuse data without times', () => {
  const dataset = write({
    a: [
      [0, 5],
      [1, 5],
      [2, 5],
    ],
    b: [
      [0, 5, day(1)],
      [1, 5, day(2)],
      [2, 5, day(3)],
    ],
  })
  for (const method of ['leave-last-out', 'date'] as const)
    expect(() => prepared(dataset, { method, date: '2020-01-02' })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining('has no times') as string }),
    )
})

test('a catalogue of all items has items that only measured users like; one of training items does not', () => {
  const dataset = write(daily({ a: [0, 1, 2], b: [2, 1, 0], c: [0, 1, 2, 9] }))
  expect([...prepared(dataset, { method: 'leave-last-out' }).catalogue]).toEqual([0, 1, 2])
  const all = prepared(dataset, { method: 'leave-last-out' }, 'all')
  expect([...all.catalogue]).toEqual([0, 1, 2, 9])
  expect(cuts(all, all.test)).toContainEqual([2, [0, 1, 2], [9]])
})
