import { describe, expect, it } from 'vitest'
import { addressOf, browsedOf, type Browsed } from './address'

const orders = ['id', 'interactions'] as const
const first = { by: 'interactions', direction: 'descending' } as const
const plain: Browsed<(typeof orders)[number]> = { query: '', user: null, item: null, ...first, page: 1 }

describe('the address of a page of data', () => {
  it('contains the differences from the first page, and restores them', () => {
    expect(addressOf(plain, first)).toEqual({})
    for (const browsed of [
      { ...plain, query: 'a b', page: 3 },
      { ...plain, user: '', item: '7' },
      { ...plain, by: 'id', direction: 'ascending' },
      { ...plain, direction: 'ascending' },
    ] as const) {
      const address = addressOf(browsed, first)
      expect(browsedOf(address as Record<string, string>, orders, first)).toEqual(browsed)
    }
  })

  it('asks for the first page if it has invalid values', () => {
    for (const address of [{}, { sort: 'time', direction: 'up', page: '0' }, { page: '1.5' }, { page: ['-1', '2'] }])
      expect(browsedOf(address, orders, first)).toEqual(plain)
  })
})
