import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { datasetId } from '../../shared/ids'
import { openDatabase } from './connection'
import { openStore } from './open'
import { addSmallDataset, smallHistories, smallItems } from './small-dataset.fixture'
import type { Store } from './store'

let library: string
let store: Store
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-datasets-'))
  store = openStore(library)
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

describe('a data set', () => {
  test('reads back as written, also by another process of the library', () => {
    const { id } = addSmallDataset(store)
    const other = openStore(library)
    expect([...other.datasets.histories(id)]).toEqual(smallHistories)
    expect(other.datasets.items(id)).toEqual(smallItems)
    expect(other.datasets.history(id, '10')).toEqual(smallHistories[1])
    expect(other.datasets.history(id, '9')).toBeNull()
    expect(other.datasets.get(id)).toMatchObject({
      name: 'small',
      users: 3,
      items: 3,
      interactions: 6,
      rejected: 1,
      hasRatings: true,
      hasTimes: true,
    })
    expect(other.datasets.rejects(id, 0, 10)).toEqual({
      total: 1,
      rows: [{ file: 'small.csv', line: 3, reason: 'no user id', text: ',7,5,1' }],
    })
    other.close()
  })

  test('suggests what counts as liked from the columns of its import', () => {
    const liked = (ratings: readonly number[], importSettings: unknown): { threshold: number | null } => {
      const writer = store.datasets.write({ name: `set ${ratings.length}`, source: [], importSettings })
      const items = Int32Array.from(ratings.keys())
      writer.addItems(Array.from(items, (index) => ({ index, externalId: `${index}`, title: '', genres: [] })))
      writer.addHistories([{ user: 0, externalId: 'u', items, ratings: Float32Array.from(ratings), times: null }])
      return writer.finish({ rejected: 0, duplicates: 0 }).liked
    }
    const columns = { user: 'u', item: 'i', time: null }
    expect(liked([1, 3, 5], { mapping: { ...columns, rating: 'stars' } }).threshold).toBe(4)
    expect(liked([1, 3, 5, 5], { mapping: { ...columns, rating: null, count: 'plays' } }).threshold).toBeNull()
    expect(
      liked([1, 3, 5, 5, 5], { mapping: { ...columns, rating: 'stars' }, duplicates: 'count' }).threshold,
    ).toBeNull()
    // The first versions of the app did not say what the columns were; more ratings than bars are told by ranges.
    const fine = Array.from({ length: 91 }, (_, step) => 1 + step / 10)
    expect(liked(fine, {})).toEqual({ threshold: 8, evidence: 'Ratings go from 1 to 10: liked from 8.' })
    const old = openDatabase(join(library, 'library.db'))
    old.prepare(`UPDATE dataset SET profile = json_remove(profile, '$.range')`).run()
    old.close()
    expect(store.datasets.findByName('set 91')?.liked).toEqual({
      threshold: 8,
      evidence: 'Ratings go from 1 to 10: liked from 8.',
    })
  })

  test('names the users that it does not have', () => {
    const { id } = addSmallDataset(store)
    expect(store.datasets.unknownUsers(id, ['x%', '2', '10', 'X%', '1'])).toEqual(['2', 'X%'])
  })

  test('is described', () => {
    const { id } = addSmallDataset(store)
    expect(store.datasets.detail(id)).toMatchObject({
      density: 6 / 9,
      ratingHistogram: [
        { rating: 1, count: 2 },
        { rating: 3, count: 1 },
        { rating: 4, count: 1 },
        { rating: 4.5, count: 1 },
        { rating: 5, count: 1 },
      ],
      activityHistogram: [
        { from: 1, to: 1, users: 1 },
        { from: 2, to: 3, users: 2 },
      ],
      topItems: [
        { id: 'c', title: 'Heat', interactions: 3 },
        { id: '007', title: 'Amélie (2001)', interactions: 2 },
        { id: 'b_2', title: '100% Wolf', interactions: 1 },
      ],
      rejectedByReason: [{ reason: 'no user id', count: 1 }],
      runs: 0,
    })
  })

  test('of many users is read page by page, while others write', () => {
    const writer = store.datasets.write({ name: 'many', source: [], importSettings: {} })
    writer.addItems(smallItems)
    const users = 2500
    writer.addHistories(
      Array.from({ length: users }, (_, user) => ({
        user,
        externalId: `u${user}`,
        items: Int32Array.of(user % 3),
        ratings: null,
        times: null,
      })),
    )
    const { id } = writer.finish({ rejected: 0, duplicates: 0 })
    let read = 0
    for (const history of store.datasets.histories(id)) {
      expect(history.user).toBe(read++)
      if (read === 1200) store.settings.write({ theme: 'dark' })
    }
    expect(read).toBe(users)
  })

  test('that does not exist is answered with those that do', () => {
    expect(() => store.datasets.get(datasetId.parse(7))).toThrow('There is no data set 7. Data sets: none yet.')
    addSmallDataset(store)
    expect(() => store.datasets.detail(datasetId.parse(7))).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', message: 'There is no data set 7. Data sets: 1 (small).' }),
    )
  })

  test('keeps its name to itself', () => {
    const { id } = addSmallDataset(store)
    const { id: second } = addSmallDataset(store, 'other')
    const taken: unknown = expect.objectContaining({
      code: 'CONFLICT',
      message: expect.stringContaining('small') as string,
    })
    expect(() => store.datasets.write({ name: 'small', source: [], importSettings: {} })).toThrow(taken)
    expect(() => store.datasets.rename(second, 'small')).toThrow(taken)
    expect(store.datasets.rename(id, 'small').name).toBe('small')
    expect(store.datasets.rename(second, 'third').name).toBe('third')
    expect(store.datasets.findByName('other')).toBeNull()
  })
})

describe('searching', () => {
  test('finds items by title or id, without case and accents', () => {
    const { id } = addSmallDataset(store)
    const found = (query: string): string[] => store.datasets.searchItems(id, query, 9).map((hit) => hit.id)
    expect(found('')).toEqual(['c', '007', 'b_2'])
    expect(found('AMELIE')).toEqual(['007'])
    expect(found('007')).toEqual(['007'])
    expect(found('heat ')).toEqual(['c'])
    expect(found('nothing')).toEqual([])
    expect(store.datasets.searchItems(id, 'amé', 9)).toEqual([
      { id: '007', title: 'Amélie (2001)', genres: ['Comedy', 'Romance'], interactions: 2 },
    ])
  })

  test('takes wildcards literally', () => {
    const { id } = addSmallDataset(store)
    expect(store.datasets.searchItems(id, '0%', 9).map((hit) => hit.id)).toEqual(['b_2'])
    expect(store.datasets.searchItems(id, '_', 9).map((hit) => hit.id)).toEqual(['b_2'])
    expect(store.datasets.searchUsers(id, '%', 9)).toEqual([{ id: 'x%', interactions: 1 }])
    expect(store.datasets.searchUsers(id, '\\', 9)).toEqual([])
  })

  test('shows users that begin with the query first, at most the requested number', () => {
    const { id } = addSmallDataset(store)
    expect(store.datasets.searchUsers(id, '', 9).map((hit) => hit.id)).toEqual(['1', '10', 'x%'])
    expect(store.datasets.searchUsers(id, '0', 9).map((hit) => hit.id)).toEqual(['10'])
    expect(store.datasets.searchUsers(id, '1', 1)).toEqual([{ id: '1', interactions: 2 }])
  })
})

describe('an unfinished data set', () => {
  const count = (table: string): number => {
    const database = openDatabase(join(library, 'library.db'))
    try {
      return Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
    } finally {
      database.close()
    }
  }

  test('is invisible, and gone once abandoned', () => {
    const writer = store.datasets.write({ name: 'small', source: [], importSettings: {} })
    writer.addItems(smallItems)
    writer.addHistories(smallHistories)
    expect(store.datasets.list()).toEqual([])
    expect(store.datasets.findByName('small')).toBeNull()
    writer.abandon()
    expect([count('dataset'), count('item'), count('history')]).toEqual([0, 0, 0])
  })

  test('counts items before its last step, and again if more histories follow', () => {
    const writer = store.datasets.write({ name: 'small', source: [], importSettings: {} })
    writer.addItems(smallItems)
    writer.addHistories(smallHistories.slice(0, 2))
    writer.countItems?.()
    const counts = (): number[] => {
      const database = openDatabase(join(library, 'library.db'))
      const counted = database.prepare<[], number>('SELECT interactions FROM item ORDER BY position').pluck().all()
      database.close()
      return counted
    }
    expect(counts()).toEqual([2, 1, 2])
    writer.addHistories(smallHistories.slice(2))
    writer.finish({ rejected: 0, duplicates: 0 })
    expect(counts()).toEqual([2, 1, 3])
  })

  test('of a process that lives is left alone by others', () => {
    const writer = store.datasets.write({ name: 'small', source: [], importSettings: {} })
    writer.addItems(smallItems)
    const other = openStore(library)
    expect(other.datasets.removeUnseen()).toEqual({ unfinished: 0, deleted: 0 })
    other.close()
    writer.addHistories(smallHistories)
    expect(writer.finish({ rejected: 0, duplicates: 0 }).users).toBe(3)
  })

  test('of a process that died is removed, and nothing that others still write', () => {
    const writer = store.datasets.write({ name: 'small', source: [], importSettings: {} })
    writer.addHistories(smallHistories)
    const database = openDatabase(join(library, 'library.db'))
    const alive = store.datasets.write({ name: 'other', source: [], importSettings: {} })
    database.prepare("UPDATE dataset SET owner = ? WHERE name = 'small'").run('0'.repeat(32))
    database.close()
    const next = openStore(library)
    expect([count('dataset'), count('history')]).toEqual([2, 3])
    expect(next.datasets.removeUnseen()).toEqual({ unfinished: 1, deleted: 0 })
    expect(next.datasets.removeUnseen()).toEqual({ unfinished: 0, deleted: 0 })
    next.close()
    expect([count('dataset'), count('history')]).toEqual([1, 0])
    alive.abandon()
    expect(() => writer.addItems(smallItems)).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  })

  test('does not take a name that another import took meanwhile', () => {
    const slow = store.datasets.write({ name: 'small', source: [], importSettings: {} })
    addSmallDataset(store)
    expect(() => slow.finish({ rejected: 0, duplicates: 0 })).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    slow.abandon()
    expect(store.datasets.list()).toHaveLength(1)
  })
})

test('a deleted data set is gone for everybody at once, and its rows when they are removed', () => {
  const { id } = addSmallDataset(store)
  store.datasets.markDeleted(id)
  expect(store.datasets.list()).toEqual([])
  const other = openStore(library)
  expect(other.datasets.removeUnseen()).toEqual({ unfinished: 0, deleted: 1 })
  expect(other.datasets.removeUnseen()).toEqual({ unfinished: 0, deleted: 0 })
  other.close()
})

test('deleting gives the disk its space back', () => {
  const writer = store.datasets.write({ name: 'big', source: [], importSettings: {} })
  writer.addItems(smallItems)
  const items = Int32Array.from({ length: 5000 }, (_, i) => 100_000 + i)
  writer.addHistories(
    Array.from({ length: 400 }, (_, user) => ({ user, externalId: `u${user}`, items, ratings: null, times: null })),
  )
  const { id } = writer.finish({ rejected: 0, duplicates: 0 })
  const bytes = (): number =>
    ['library.db', 'library.db-wal'].reduce((sum, name) => sum + statSync(join(library, name)).size, 0)
  const full = bytes()
  expect(full).toBeGreaterThan(400 * 5000 * 4)
  store.datasets.delete(id)
  expect(bytes()).toBeLessThan(full / 20)
  expect(() => store.datasets.get(id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
})
