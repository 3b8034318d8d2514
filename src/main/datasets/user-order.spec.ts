import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UsersRequest } from '../../shared/browse'
import type { DatasetId } from '../../shared/ids'
import { openStore } from '../store/open'
import { addSmallDataset } from '../store/small-dataset.fixture'
import type { Store } from '../store/store'
import { type CountedOrder, UserOrder } from './user-order'

let library: string
let store: Store
let order: UserOrder
let id: DatasetId
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-users-'))
  store = openStore(library)
  order = new UserOrder(store)
  id = addSmallDataset(store).id
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const page = (by: CountedOrder, asked: Partial<UsersRequest> = {}, signal?: AbortSignal) =>
  order.page({ id, direction: 'ascending', query: '', offset: 0, limit: 10, ...asked, by }, signal)
const users = async (by: CountedOrder, asked: Partial<UsersRequest> = {}): Promise<string[]> =>
  (await page(by, asked)).rows.map(({ externalId }) => externalId)

describe('users in an order that is counted from their histories', () => {
  it('stand by mean value, first and last time, in either direction', async () => {
    expect(await users('mean')).toEqual(['1', 'x%', '10'])
    expect(await users('mean', { direction: 'descending' })).toEqual(['10', 'x%', '1'])
    expect(await users('first')).toEqual(['10', 'x%', '1'])
    expect(await users('last')).toEqual(['10', 'x%', '1'])
    expect(await users('last', { direction: 'descending' })).toEqual(['1', 'x%', '10'])
  })

  it('are paged through and searched as in other orders', async () => {
    expect(await users('mean', { offset: 1, limit: 1 })).toEqual(['x%'])
    expect(await page('mean', { query: '1', limit: 1 })).toMatchObject({ total: 2, rows: [{ externalId: '1' }] })
    expect(await users('mean', { query: 'X%' })).toEqual(['x%'])
    const indexed = store.datasets.listUsers({
      id,
      by: 'id',
      direction: 'ascending',
      query: 'X%',
      offset: 0,
      limit: 10,
    })
    expect(indexed.total).toBe(1)
  })

  it('are refused for a data set without values and times, and belong to the requested data set', async () => {
    expect(await users('mean')).toHaveLength(3)
    const writer = store.datasets.write({ name: 'plain', source: [], importSettings: {} })
    writer.addItems([{ index: 0, externalId: 'a', title: 'a', genres: [] }])
    writer.addHistories([
      { user: 0, externalId: 'u', items: Int32Array.of(0), ratings: null, times: Float64Array.of(7) },
    ])
    const plain = writer.finish({ rejected: 0, duplicates: 0 })
    await expect(page('mean', { id: plain.id })).rejects.toThrow('“plain” has no values to sort by')
    expect(await users('first', { id: plain.id })).toEqual(['u'])
    expect(await users('first')).toHaveLength(3)
  })

  it('are no longer counted after the request is aborted', async () => {
    await expect(page('mean', {}, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled')
  })
})
