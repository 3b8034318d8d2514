import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { imported, load, named, rejects, store, write } from './import-library'

const none = ['', 'NULL', 'NaN', 'None', '\\N', ' ', 'NaT', 'n/a'] as const

test('rows without a time are left out with a warning, or kept as the oldest ones in the order of the file', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.integer({ min: 0, max: 5000 }), { freq: 3 }), { minLength: 4, maxLength: 40 }),
      fc.constantFrom(...none),
      async (times, word) => {
        fc.pre(times.some((time) => time !== null) && times.some((time) => time === null))
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const at = (time: number | null): string =>
          time === null ? word : new Date(1.7e12 + time * 1000).toISOString()
        const lines = times.map((time, n) => `u,i${n},3,${at(time)}`)
        const file = write('t.csv', ['user,item,rating,time', ...lines].join('\n') + '\n')
        const undated = times.flatMap((time, n) => (time === null ? [n] : []))

        const left = await load(file)
        expect(rejects(left).map(({ line, reason }) => ({ line, reason }))).toEqual(
          undated.map((n) => ({ line: n + 2, reason: 'no time' })),
        )
        expect(left.choices).toContainEqual(
          expect.objectContaining({
            about: 'times',
            certainty: 'guess',
            option: expect.stringContaining('--missing-times oldest, or --time none') as string,
          }),
        )
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        expect(preview.warnings.join()).toContain(`rows without a time are left out is a guess. ${undated.length} row`)

        store.datasets.delete(left.dataset)
        const kept = await load(file, named, { reading: { missingTimes: 'oldest' } })
        expect(kept).toMatchObject({ interactions: times.length, rejected: 0 })
        const items = (imported(kept).u ?? []).map(([item]) => item)
        const dated = times
          .map((time, n) => ({ time, n }))
          .filter(({ time }) => time !== null)
          .sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || a.n - b.n)
        expect(items).toEqual([...undated, ...dated.map(({ n }) => n)].map((n) => `i${n}`))
        const seconds = (imported(kept).u ?? []).map(([, , time]) => Number(time))
        expect(Math.min(...seconds)).toBeGreaterThan(1.69e9)
      },
    ),
    { numRuns: 25 },
  )
})

test('a word for no time is said once, and only a date that is none stands for rejected rows', async () => {
  const rows = ['u,a,2024-03-01', 'u,b,NULL', 'v,a,n/a', 'v,b,2024-03-02', 'w,a,someday']
  const file = write('words.csv', `user,item,time\n${rows.join('\n')}\n`)
  const columns = { user: 'user', item: 'item', rating: null, time: 'time' }
  const timesOf = async (missingTimes: 'reject' | 'oldest'): Promise<string[]> => {
    for (const { id } of store.datasets.list()) store.datasets.delete(id)
    const { choices } = await load(file, columns, { reading: { missingTimes } })
    return choices.filter(({ about }) => about === 'times').map(({ value }) => value)
  }
  expect(await timesOf('reject')).toEqual(['no time for 1 value', 'rows without a time are left out'])
  expect(await timesOf('oldest')).toEqual(['no time for 1 value', 'rows without a time are kept as the oldest ones'])
})

test('rows whose time cannot be read are the oldest as well, even if the first rows all have one of one notation', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('soon', '31/31/2020', '2024-02-30', '-999'), { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 6 }),
      async (unreadable, at) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const dated = Array.from({ length: 6 }, (_, n) => `2024-03-0${n + 1} 10:00:00`)
        const times = [...dated.slice(0, at), ...unreadable, ...dated.slice(at)]
        const file = write('t.csv', ['user,item,time', ...times.map((time, n) => `u,i${n},${time}`)].join('\n') + '\n')
        const columns = { ...named, rating: null }
        const left = await load(file, columns)
        expect(left.rejected).toBe(unreadable.length)
        const said = left.choices.filter(({ value }) => value.startsWith('no time for')).map(({ option }) => option)
        expect(said[0]).toContain('--missing-times oldest')
        store.datasets.delete(left.dataset)
        const kept = await load(file, columns, { reading: { missingTimes: 'oldest' } })
        expect(kept).toMatchObject({ interactions: times.length, rejected: 0 })
        const isDated = (n: number): boolean => dated.includes(times[n] ?? '')
        const order = times.map((_, n) => n)
        const inOrder = [...order.filter((n) => !isDated(n)), ...order.filter(isDated)].map((n) => `i${n}`)
        expect((imported(kept).u ?? []).map(([item]) => item)).toEqual(inOrder)
        expect(kept.choices.map(({ evidence }) => evidence).join()).toContain(
          `${unreadable.length} row${unreadable.length === 1 ? ' has' : 's have'} no time, or none that can be read.`,
        )
      },
    ),
    { numRuns: 8 },
  )
})

test('another notation after the first 20,000 rows is read, not taken for missing times', async () => {
  const rows = Array.from({ length: 20_200 }, (_, n) => {
    const time = new Date(Date.UTC(2024, 0, 1) + n * 60_000).toISOString()
    return `u${n % 50},i${n},${n < 20_100 ? time : time.slice(0, 16).replace('T', '_').replace(':', '-')}`
  })
  const file = write('t.csv', `user,item,time\n${rows.join('\n')}\n`)
  const result = await load(file, { ...named, rating: null }, { reading: { missingTimes: 'oldest' } })
  expect(result.rejected).toBe(0)
  const [, last] = (imported(result).u49 ?? []).at(-1) ?? []
  expect(last).toBe(Date.UTC(2024, 0, 1) / 1000 + 20_199 * 60)
})
