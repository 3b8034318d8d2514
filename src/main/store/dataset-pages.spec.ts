import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ItemsRequest } from '../../shared/browse'
import type { DatasetId } from '../../shared/ids'
import { openDatabase } from './connection'
import type { IndexedUsersRequest } from './dataset-repository'
import { openStore } from './open'
import { addSmallDataset, smallHistories } from './small-dataset.fixture'
import type { Store } from './store'

let library: string
let store: Store
let id: DatasetId
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-pages-'))
  store = openStore(library)
  // Another data set lies beside it, whose rows must not be seen.
  addSmallDataset(store, 'other')
  id = addSmallDataset(store).id
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const users = (asked: Partial<IndexedUsersRequest>) => {
  const { total, rows } = store.datasets.listUsers({
    id,
    query: '',
    by: 'id',
    direction: 'ascending',
    offset: 0,
    limit: 10,
    ...asked,
  })
  return [total, ...rows.map(({ externalId }) => externalId)]
}
const items = (asked: Partial<ItemsRequest>) => {
  const { total, rows } = store.datasets.listItems({
    id,
    query: '',
    by: 'id',
    direction: 'ascending',
    offset: 0,
    limit: 10,
    ...asked,
  })
  return [total, ...rows.map(({ externalId }) => externalId)]
}

test('users are sorted by id or activity in both directions, searched literally, and paged', () => {
  expect(users({})).toEqual([3, '1', '10', 'x%'])
  expect(users({ direction: 'descending' })).toEqual([3, 'x%', '10', '1'])
  expect(users({ by: 'interactions', direction: 'descending' })).toEqual([3, '10', '1', 'x%'])
  expect(users({ by: 'interactions' })).toEqual([3, 'x%', '1', '10'])
  expect(users({ query: ' 1 ', by: 'interactions', direction: 'descending' })).toEqual([2, '10', '1'])
  expect(users({ query: '%' })).toEqual([1, 'x%'])
  expect(users({ query: '_' })).toEqual([0])
  expect(users({ offset: 1, limit: 1 })).toEqual([3, '10'])
  expect(users({ offset: 3 })).toEqual([3])
  expect(
    store.datasets.listUsers({ id, query: '10', by: 'id', direction: 'ascending', offset: 0, limit: 1 }).rows,
  ).toEqual([smallHistories[1]])
})

test('items are sorted by id, by title or by popularity, and found without case and accents', () => {
  expect(items({})).toEqual([3, '007', 'b_2', 'c'])
  expect(items({ by: 'title' })).toEqual([3, 'b_2', '007', 'c'])
  expect(items({ by: 'title', direction: 'descending' })).toEqual([3, 'c', '007', 'b_2'])
  expect(items({ by: 'interactions', direction: 'descending', limit: 2 })).toEqual([3, 'c', '007'])
  expect(items({ by: 'interactions' })).toEqual([3, 'b_2', '007', 'c'])
  expect(items({ query: 'AMELIE' })).toEqual([1, '007'])
  expect(items({ query: '100%' })).toEqual([1, 'b_2'])
  expect(store.datasets.item(id, 'c')).toMatchObject({ index: 2, title: 'Heat', genres: ['Crime'], interactions: 3 })
  expect(store.datasets.item(id, 2)).toEqual(store.datasets.item(id, 'c'))
  expect(() => store.datasets.item(id, 'd')).toThrow('“small” has no item “d”.')
})

/** What a generator gives back at its end. */
function ended<T>(steps: Generator<void, T, void>): T {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

test('sizes of all histories come from their index, which must name every user once', () => {
  expect(ended(store.datasets.historySizes(id))).toEqual(Int32Array.of(2, 3, 1))
  const writer = store.datasets.write({ name: 'many', source: [], importSettings: {} })
  writer.addItems([{ index: 0, externalId: 'a', title: 'a', genres: [] }])
  // More of one size than are read at once.
  writer.addHistories(
    Array.from({ length: 45_000 }, (_, user) => ({
      user,
      externalId: `user ${user}`,
      items: Int32Array.of(0),
      ratings: null,
      times: null,
    })),
  )
  const many = writer.finish({ rejected: 0, duplicates: 0 })
  expect(ended(store.datasets.historySizes(many.id)).every((size) => size === 1)).toBe(true)
  store.close()
  const database = openDatabase(join(library, 'library.db'))
  database.exec(`DELETE FROM history WHERE dataset = ${id} AND user = 1`)
  database.close()
  store = openStore(library)
  expect(() => ended(store.datasets.historySizes(id))).toThrow(/does not name every user of “small”/)
  expect(() => [...store.datasets.positionsOf(id, store.datasets.item(id, 'c'))]).toThrow(
    /2 instead of 3 users of “small”/,
  )
  expect(() => store.datasets.historyOf(id, 1)).toThrow(/“small” has lost user 1/)
})

/** Changes an index and leaves its table alone, as a damaged page does: to SQLite it is a table of its own while its definition is another. */
const ofOtherIndex = (name: string, other: string): void => {
  store.close()
  const database = openDatabase(join(library, 'library.db'))
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  const before = database.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(name)
  const change = database.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?')
  change.run(other, name)
  database.close()
  const changed = openDatabase(join(library, 'library.db'))
  changed.exec(`REINDEX ${name}`)
  changed.unsafeMode(true)
  changed.pragma('writable_schema = ON')
  changed.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(before, name)
  changed.close()
  store = openStore(library)
}

describe('an index that has lost a row of an intact table', () => {
  test('of users by size: no search finds less than there is', () => {
    ofOtherIndex(
      'history_size',
      'CREATE INDEX history_size ON history (dataset, size DESC, external_id, user) WHERE user <> 1',
    )
    expect(() => store.datasets.searchUsers(id, '', 5)).toThrow(/index of its table “history” does not name every row/)
  })
  test('of users by id: no user is reported as unknown', () => {
    ofOtherIndex(
      'history_external_id',
      'CREATE UNIQUE INDEX history_external_id ON history (dataset, external_id) WHERE user <> 1',
    )
    expect(() => store.datasets.unknownUsers(id, ['nobody'])).toThrow(/index of its table “history”/)
    expect(() => [...store.datasets.historiesById(id)]).toThrow(/2 users/)
  })
  test('of items by interactions: no search finds less, and the most popular are not others', () => {
    ofOtherIndex(
      'item_interactions',
      'CREATE INDEX item_interactions ON item (dataset, interactions DESC, folded) WHERE position <> 2',
    )
    expect(() => store.datasets.searchItems(id, '', 5)).toThrow(/index of its table “item”/)
    expect(() => store.datasets.detail(id)).toThrow(/index of its table “item”/)
  })
  test('of items by id: no item is reported as unknown', () => {
    ofOtherIndex(
      'item_external_id',
      'CREATE UNIQUE INDEX item_external_id ON item (dataset, external_id) WHERE position <> 2',
    )
    expect(() => store.datasets.item(id, 'c')).toThrow(/index of its table “item”/)
  })
})
