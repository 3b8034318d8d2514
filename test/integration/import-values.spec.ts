import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { warningsOf } from '../../src/shared/reading'
import { leaveLastOut } from '../../src/main/datasets/split-by-time'
import { defaultSplit } from '../../src/shared/runs'
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

describe('rows of one user at the same time stay as the files have them', () => {
  const rows = ['u1,z,5', 'u1,y,3', 'u1,b,1', 'u1,a,4'].map((row) => `${row},2024-03-01`)

  test('so that what stands last is held out', async () => {
    const { dataset } = await load(write('days.csv', ['user,item,rating,time', ...rows, ''].join('\n')))
    const items = store.datasets.items(dataset).map(({ externalId }) => externalId)
    const [history] = store.datasets.histories(dataset)
    expect(Array.from(history?.items ?? [], (item) => items[item])).toEqual(['z', 'y', 'b', 'a'])
    const settings = { ...defaultSplit, method: 'leave-last-out' as const, validation: null, test: null }
    const histories = [
      { user: 0, externalId: 'u1', items: history?.items ?? new Int32Array(), times: history?.times ?? null },
    ]
    const { test: heldOut } = leaveLastOut(histories, settings, 'days')
    const targets = heldOut.map(({ cut }) => Array.from(cut((known) => known).targets, (item) => items[item]))
    expect(targets).toEqual([['a']])
  })

  test('several files in the order in which they are given', async () => {
    const parts = rows.map((row, n) => write(`part-${n}.csv`, `user,item,rating,time\n${row}\n`))
    const given = [2, 0, 3, 1].map((n) => parts[n]).filter((part) => part !== undefined)
    const result = await load(given)
    expect(imported(result).u1?.map(([item]) => item)).toEqual(['b', 'z', 'a', 'y'])
  })
})

describe('rows that cannot be used', () => {
  const table = (used: number, merged: number) =>
    write('m.csv', `user,item,rating,time\n${'u1,a,5,100\n'.repeat(used)}${',b,4,200\n'.repeat(merged)}`)

  test('are a warning with the most frequent reason where they are more than a tenth', async () => {
    const result = await load(table(9, 81))
    expect(warningsOf(result.choices).join()).toMatch(
      /an import without 81 of 90 rows is a guess\. They cannot be used: no user id\. vasp rejects and the page/,
    )
  })

  test('are only counted if they are few', async () => {
    const { choices } = await load(table(90, 10))
    expect(warningsOf(choices).filter((warning) => warning.includes('an import without'))).toEqual([])
    expect(choices).toContainEqual(
      expect.objectContaining({
        value: 'an import without 10 of 100 rows',
        certainty: 'likely',
        evidence: expect.stringContaining('They cannot be used: no user id.') as string,
      }),
    )
  })

  test('are named by their reasons, each with its rows, in the result and in the reading', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ zero: fc.nat(6), below: fc.nat(6), none: fc.nat(6), word: fc.nat(6), item: fc.nat(6) }),
        async (bad) => {
          const rows = [
            ...Array.from({ length: 40 }, (_, n) => `u${n % 6},i${n},${1 + (n % 3)}`),
            ...Array.from({ length: bad.zero }, (_, n) => `u1,z${n},0`),
            ...Array.from({ length: bad.below }, (_, n) => `u1,b${n},-2`),
            ...Array.from({ length: bad.none }, (_, n) => `u1,n${n},`),
            ...Array.from({ length: bad.word }, (_, n) => `u1,w${n},some`),
            ...Array.from({ length: bad.item }, () => 'u1,,1'),
          ]
          const file = write('q.csv', `user,item,quantity\n${rows.join('\n')}\n`)
          const result = await load(file, { user: 'user', item: 'item', rating: null, time: null, count: 'quantity' })
          store.datasets.delete(result.dataset)
          const wanted = {
            'count is 0': bad.zero,
            'count is below zero': bad.below,
            'no count': bad.none,
            'count is not a number': bad.word,
            'no item id': bad.item,
          }
          const found = Object.entries(wanted).filter(([, count]) => count > 0)
          expect(new Map(result.rejectedByReason.map(({ reason, count }) => [reason, count]))).toEqual(new Map(found))
          expect(result.rejected).toBe(rows.length - 40)
          const said = result.choices.find(({ value }) => value.startsWith('an import without'))
          for (const [reason] of found) expect(said?.evidence).toContain(reason)
          expect(said?.evidence.includes('nothing happened') ?? false).toBe(bad.zero > 0)
          expect(said?.evidence.includes('a return') ?? false).toBe(bad.below > 0)
        },
      ),
      { numRuns: 6, endOnFailure: true },
    )
  })

  test('are not made by a column of counts that is 0 throughout: it is left out, and it is said', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => `u${n % 6},i${n % 9},0`)
    const file = write('z.csv', `user,item,quantity\n${rows.join('\n')}\n`)
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.mapping.count ?? null).toBeNull()
    expect(preview.warnings.join()).toMatch(
      /"quantity": left out is a guess\. Its name says count, but all of its 40 numbers are 0/,
    )
  })
})
