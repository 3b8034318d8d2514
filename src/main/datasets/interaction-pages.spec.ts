import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type InteractionsRequest, mostOrdered } from '../../shared/browse'
import type { DatasetId } from '../../shared/ids'
import { openStore } from '../store/open'
import { addSmallDataset } from '../store/small-dataset.fixture'
import type { Store } from '../store/store'
import { FirstInOrder } from './first-in-order'
import { InteractionPages } from './interaction-pages'

let library: string
let store: Store
let pages: InteractionPages
let id: DatasetId
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-interactions-'))
  store = openStore(library)
  pages = new InteractionPages(store)
  id = addSmallDataset(store).id
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const page = (asked: Partial<InteractionsRequest>) =>
  pages.page({ id, user: null, item: null, by: 'stored', direction: 'ascending', offset: 0, limit: 10, ...asked })
const told = async (asked: Partial<InteractionsRequest>): Promise<string[]> =>
  (await page(asked)).rows.map(({ user, item, value, time }) => `${user} ${item} ${value} @${time}`)

const all = ['1 c 4.5 @10', '1 007 1 @20', '10 007 5 @1', '10 b_2 4 @2', '10 c 1 @3', 'x% c 3 @7']

describe('single interactions', () => {
  it('come user by user, in either direction, page by page', async () => {
    expect(await told({})).toEqual(all)
    expect(await told({ direction: 'descending' })).toEqual(all.toReversed())
    expect(await told({ offset: 1, limit: 3 })).toEqual(all.slice(1, 4))
    expect(await told({ offset: 6 })).toEqual([])
    expect(await page({ limit: 1 })).toMatchObject({ total: 6, reachable: 6, rows: [{ title: 'Heat' }] })
  })

  it('are those of a user, an item, or both, by time and by value', async () => {
    expect(await told({ user: '10' })).toEqual(all.slice(2, 5))
    expect(await told({ user: '10', by: 'value' })).toEqual([all[4], all[3], all[2]])
    expect(await told({ user: '10', direction: 'descending', limit: 1 })).toEqual([all[4]])
    expect(await told({ item: 'c' })).toEqual([all[0], all[4], all[5]])
    expect(await told({ item: 'c', by: 'time', direction: 'descending' })).toEqual([all[0], all[5], all[4]])
    expect(await told({ item: 'c', by: 'value' })).toEqual([all[4], all[5], all[0]])
    expect(await page({ item: 'b_2' })).toMatchObject({ total: 1, reachable: 1 })
    expect(await told({ user: '1', item: 'c' })).toEqual([all[0]])
    expect(await told({ user: '1', item: 'b_2' })).toEqual([])
  })

  it('of the whole data set are sorted by value and by time, equal ones in stored order', async () => {
    expect(await told({ by: 'time' })).toEqual([all[2], all[3], all[4], all[5], all[0], all[1]])
    expect(await told({ by: 'time', direction: 'descending', limit: 2 })).toEqual([all[1], all[0]])
    expect(await told({ by: 'value' })).toEqual([all[1], all[4], all[5], all[3], all[0], all[2]])
    expect(await page({ by: 'value' })).toMatchObject({ total: 6, reachable: 6 })
  })

  it('are sorted by title and by id of their items in both directions, equal ones in stored order', async () => {
    const byId = [all[1], all[2], all[3], all[0], all[4], all[5]]
    expect(await told({ by: 'item' })).toEqual(byId)
    expect(await told({ by: 'item', direction: 'descending' })).toEqual([
      all[0],
      all[4],
      all[5],
      all[3],
      all[1],
      all[2],
    ])
    expect(await told({ by: 'item', offset: 2, limit: 2 })).toEqual(byId.slice(2, 4))
    const titles = new Map(store.datasets.items(id).map(({ externalId, title }) => [externalId, title]))
    const titleOf = (row = ''): string => (titles.get(row.split(' ')[1] ?? '') ?? '').toLowerCase()
    const byTitle = all.toSorted((a, b) => (titleOf(a) < titleOf(b) ? -1 : titleOf(a) > titleOf(b) ? 1 : 0))
    expect(byTitle).not.toEqual(byId)
    expect(await told({ by: 'title' })).toEqual(byTitle)
    expect(await told({ user: '10', by: 'item', direction: 'descending' })).toEqual([all[4], all[3], all[2]])
    expect(await told({ user: '10', by: 'title' })).toEqual(byTitle.filter((row) => row.startsWith('10 ')))
    expect(await told({ item: 'c', by: 'title' })).toEqual([all[0], all[4], all[5]])
  })

  it('stand by the new titles of their items once those were joined', async () => {
    const before = await told({ by: 'title' })
    const [first] = before
    const item = first?.split(' ')[1] ?? ''
    store.datasets.describeItems(id, [{ externalId: item, title: 'zzz', genres: [], attributes: {} }])
    expect((await told({ by: 'title' }))[0]).not.toBe(first)
  })

  it('cannot be had of users and items that are not there, nor in an order that is not', async () => {
    await expect(page({ user: '9' })).rejects.toThrow('has no user 9')
    await expect(page({ item: '9' })).rejects.toThrow('has no item “9”')
    const writer = store.datasets.write({ name: 'plain', source: [], importSettings: {} })
    writer.addItems([{ index: 0, externalId: 'a', title: 'a', genres: [] }])
    writer.addHistories([{ user: 0, externalId: 'u', items: Int32Array.of(0), ratings: null, times: null }])
    const plain = writer.finish({ rejected: 0, duplicates: 0 })
    expect(await told({ id: plain.id })).toEqual(['u a null @null'])
    await expect(page({ id: plain.id, by: 'time' })).rejects.toThrow('“plain” has no times')
    await expect(page({ id: plain.id, by: 'value' })).rejects.toThrow('“plain” has no values')
  })

  it('of large data sets are limited when sorted by value, but not in stored order', async () => {
    const writer = store.datasets.write({ name: 'large', source: [], importSettings: {} })
    const items = Int32Array.from({ length: 100 }, (_, index) => index)
    writer.addItems(Array.from(items, (index) => ({ index, externalId: `${index}`, title: '', genres: [] })))
    writer.addHistories(
      Array.from({ length: 250 }, (_, user) => ({
        user,
        externalId: `${user}`.padStart(3, '0'),
        items,
        ratings: Float32Array.from(items, (item) => (item * 7 + user) % 100),
        times: null,
      })),
    )
    const large = writer.finish({ rejected: 0, duplicates: 0 })
    const last = await page({ id: large.id, by: 'value', direction: 'descending', offset: mostOrdered - 1, limit: 9 })
    expect(last).toMatchObject({ total: 25_000, reachable: mostOrdered })
    expect(last.rows.map(({ value }) => value)).toEqual([60])
    expect((await page({ id: large.id, offset: 24_999 })).rows).toMatchObject([{ user: '249', item: '99' }])
  })

  it('are no longer searched after the request is aborted', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'))
    const asked = { id, user: null, item: 'c', by: 'stored', direction: 'ascending', offset: 0, limit: 1 } as const
    await expect(pages.page(asked, signal)).rejects.toThrow('cancelled')
  })
})

describe('the first in an order', () => {
  it('are those of a stable sort of everything', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 9 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('ascending', 'descending'),
        (histories, most, direction) => {
          const first = new FirstInOrder(most, direction)
          histories.forEach((keys, user) => first.add(user, keys))
          const sign = direction === 'ascending' ? 1 : -1
          const sorted = histories
            .flatMap((keys, user) => keys.map((key, place) => ({ key, user, place })))
            .sort((a, b) => sign * (a.key - b.key))
            .slice(0, most)
          const { users, positions } = first.first()
          expect([...users]).toEqual(sorted.map(({ user }) => user))
          expect([...positions]).toEqual(sorted.map(({ place }) => place))
        },
      ),
    )
  })
})
