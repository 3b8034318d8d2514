import { describe, expect, test } from 'vitest'
import { imported, load, named, store, write } from './import-library'

describe('duplicates', () => {
  const rows = 'user,item,rating,time\n1,a,2,100\n1,b,3,150\n1,a,5,200\n1,a,4,300\n'
  test.each([
    [
      'last',
      [
        ['b', 3, 150],
        ['a', 4, 300],
      ],
    ],
    [
      'first',
      [
        ['a', 2, 100],
        ['b', 3, 150],
      ],
    ],
    [
      'maximum',
      [
        ['b', 3, 150],
        ['a', 5, 200],
      ],
    ],
    [
      'count',
      [
        ['b', 1, 150],
        ['a', 3, 300],
      ],
    ],
  ] as const)('keep %s', async (duplicates, kept) => {
    const result = await load(write('d.csv', rows), named, { duplicates })
    expect(imported(result)).toEqual({ '1': kept })
    expect(result).toMatchObject({ interactions: 2, duplicates: 2, rejected: 0 })
  })

  test('are counted without ratings, too', async () => {
    const plays = write('plays.csv', 'user,item\n1,a\n1,a\n1,b\n')
    const result = await load(plays, { user: 'user', item: 'item', rating: null, time: null }, { duplicates: 'count' })
    expect(imported(result)).toEqual({
      '1': [
        ['a', 2],
        ['b', 1],
      ],
    })
    expect(store.datasets.get(result.dataset).hasRatings).toBe(true)
  })
})

describe('dates of other countries', () => {
  const day = Date.UTC(2020, 11, 31) / 1000
  test.each([
    ['31.12.2020', day],
    ['31/12/2020 23:59', day + 86_340],
    ['12/31/2020', day],
    ['31-Dec-2020', day],
    ['Dec 31, 2020', day],
    ['12 31, 2020', day],
  ])('%s', async (text, seconds) => {
    const result = await load(write('t.csv', `user,item,rating,time\n1,a,5,"${text}"\n`))
    expect(imported(result)).toEqual({ '1': [['a', 5, seconds]] })
  })
})
