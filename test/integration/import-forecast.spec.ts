import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forecastImport } from '../../src/main/importing/forecast'
import { folder, load, named, store, write } from './import-library'
import { ratingsMapping, startStudio, writeRatings, type Studio } from './studio.fixture'

const rows = Array.from({ length: 500 }, (_, i) => `${i % 40},${(i * 7) % 60},${(i % 10) / 2},${1_500_000_000 + i}`)
const broken = ['1,2,bad,5', ',2,3,4', '1,2', '9,9,4.5,-3']

describe('what will happen', () => {
  test('is what happens then: counts, duplicates, rejected rows', async () => {
    const file = write('r.csv', `user,item,rating,time\n${[...rows, ...broken].join('\n')}\n`)
    for (const duplicates of ['last', 'count'] as const) {
      const forecast = await forecastImport({ ratings: [file], mapping: named, duplicates }, store.library)
      const result = await load(file, named, { duplicates })
      expect(forecast).toMatchObject({
        // With the broken line, as the import counts them.
        rows: 504,
        whole: true,
        users: result.users,
        items: result.items,
        interactions: result.interactions,
        duplicates: result.duplicates,
        leftOut: [],
      })
      expect(forecast.expected).toMatchObject({ rows: 504, interactions: result.interactions })
      const reasons = forecast.rejected.map(({ what }) => what)
      expect(reasons.sort()).toEqual(
        ['no user id', 'rating is not a number', 'the line is not a row of this table', 'time is before 1970'].sort(),
      )
      const examples = Object.fromEntries(forecast.rejected.map((one) => [one.what, one.examples]))
      expect(examples).toEqual({
        'no user id': [', 2, 4, 3'],
        'rating is not a number': ['1, 2, 5, bad'],
        'the line is not a row of this table': ['1,2'],
        'time is before 1970': ['9, 9, -3, 4.5'],
      })
      expect(forecast.rejected.reduce((sum, { rows }) => sum + rows, 0)).toBe(result.rejected)
      store.datasets.rename(result.dataset, `was ${duplicates}`)
    }
  })

  test('says what counts as liked, and which types of events are left out', async () => {
    const file = write('e.csv', 'user,item,event\n1,a,buy\n1,b,view\n2,b,wish\n2,a,cart\n3,a,view\n')
    const event = {
      column: 'event',
      counted: [
        { type: 'buy', weight: 5 },
        { type: 'cart', weight: 2 },
      ],
    }
    const mapping = { user: 'user', item: 'item', rating: null, time: null, event }
    const forecast = await forecastImport({ ratings: [file], mapping, duplicates: 'last' }, store.library)
    expect(forecast).toMatchObject({
      users: 2,
      items: 1,
      interactions: 2,
      leftOut: [
        { what: 'view', rows: 2 },
        { what: 'wish', rows: 1 },
      ],
      values: {
        min: 2,
        max: 5,
        threshold: null,
        evidence: 'The value is the weight of the event type (2 to 5): every interaction counts as liked.',
        reaching: 2,
      },
    })
  })

  test('of a large file the first rows are looked at, and it says so', async () => {
    const path = join(folder, 'large.csv')
    writeRatings(path, 21_000, 100)
    const forecast = await forecastImport(
      { ratings: [{ path, name: 'large.csv' }], mapping: ratingsMapping, duplicates: 'last' },
      store.library,
    )
    expect(forecast).toMatchObject({ rows: 2_000_000, whole: false })
    expect(forecast.expected.rows / 2_100_000).toBeCloseTo(1, 1)
    expect(forecast.expected.interactions / 2_100_000).toBeCloseTo(1, 1)
  })
})

describe('asked of the engine', () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await startStudio()
  })
  afterAll(() => studio.remove())

  test('a forecast that nobody waits for any more ends its worker and leaves no files', async () => {
    const path = join(studio.library, 'large.csv')
    writeRatings(path, 20_000, 100)
    const cancelled = new AbortController()
    const asked = studio.engine.client.datasets.forecast(
      { ratings: [studio.engine.registerFile(path)], mapping: ratingsMapping, duplicates: 'last' },
      { signal: cancelled.signal },
    )
    const outcome = expect(asked).rejects.toThrow()
    await expect.poll(() => studio.workers.length, { interval: 10 }).toBe(1)
    const temporary = join(studio.library, 'scratch')
    await expect.poll(() => existsSync(temporary) && readdirSync(temporary).length, { interval: 10 }).toBe(1)
    cancelled.abort()
    await outcome
    const [worker = 0] = studio.workers
    await expect
      .poll(() => {
        try {
          return process.kill(worker, 0)
        } catch {
          return false
        }
      })
      .toBe(false)
    await expect.poll(() => readdirSync(temporary)).toEqual([])
  })
})
