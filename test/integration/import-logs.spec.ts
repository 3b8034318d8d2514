import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ChosenColumns } from '../../src/shared/datasets'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

let written = 0
async function read(lines: readonly string[], columns: ChosenColumns = {}) {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const file = write(`events${written++}.log`, `${lines.join('\n')}\n`)
  const preview = await previewImport({ ratings: [file], items: null, columns }, store.library)
  const result = await load(file, mappingOf(preview))
  return { preview, result, rows: imported(result) }
}

/** Events of 6 users, each with an item of its own, and their moments in seconds. */
const events = Array.from({ length: 36 }, (_, at) => ({
  user: `u${at % 6}`,
  item: `i${Math.floor(at / 6)}`,
  rating: 1 + ((at * 7) % 5),
  at: Date.UTC(2024, 2, 1, 10) / 1000 + 4000 * at,
}))
const expected = (dated: boolean): Record<string, unknown> =>
  Object.fromEntries(
    [...new Set(events.map(({ user }) => user))].map((user) => [
      user,
      events
        .filter((event) => event.user === user)
        .map(({ item, rating, at }) => [item, rating, ...(dated ? [at] : [])]),
    ]),
  )
const iso = (seconds: number): string => new Date(1000 * seconds).toISOString().slice(0, 19)
const months = ['Jan', 'Feb', 'Mar', 'Apr']
const times = {
  ISO: (seconds: number) => `${iso(seconds)}Z`,
  Python: (seconds: number) => `${iso(seconds).replace('T', ' ')},000`,
  brackets: (seconds: number) => `[${iso(seconds).replace('T', ' ')}]`,
  server: (seconds: number) =>
    `[${iso(seconds).slice(8, 10)}/${months[Number(iso(seconds).slice(5, 7)) - 1] ?? ''}/2024:${iso(seconds).slice(11)} +0000]`,
} as const
const notation = fc.option(fc.constantFrom(...(Object.keys(times) as (keyof typeof times)[])))

test('pairs of keys and values are columns, and the time before them is one, too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(['user', 'item', 'rating'] as const, { minLength: 3 }),
      fc.constantFrom(' ', ', ', '; ', '\t'),
      notation,
      fc.constantFrom('', 'level=info', 'msg="an item, rated"', 'INFO'),
      async (keys, separator, form, remark) => {
        const isWord = remark === 'INFO'
        const lines = events.map((event) => {
          const pairs = [...(isWord || remark === '' ? [] : [remark]), ...keys.map((key) => `${key}=${event[key]}`)]
          const before = [...(form ? [times[form](event.at)] : []), ...(isWord ? [remark] : [])]
          return [...before, pairs.join(separator)].join(' ')
        })
        const { rows, result, preview } = await read(lines)
        expect(rows).toEqual(expected(form !== null))
        expect(result.rejected).toBe(0)
        expect(preview.warnings.filter((warning) => warning.includes('layout'))).toHaveLength(
          isWord && form === null ? 1 : 0,
        )
      },
    ),
    { numRuns: 14 },
  )
})

test('other messages of such a log are rejected with their lines', async () => {
  const lines = events.map(({ user, item, rating }) => `user=${user} item=${item} rating=${rating}`)
  const { result, rows } = await read(lines.toSpliced(5, 0, 'server restarted'))
  expect(rows).toEqual(expected(false))
  expect(rejects(result)).toMatchObject([{ line: 6 }])
})

test('the time before a JSON object is that of its row, unless the object has one', async () => {
  await fc.assert(
    fc.asyncProperty(notation, fc.constantFrom('', ' INFO events -'), fc.boolean(), async (form, words, own) => {
      const lines = events.map(({ at, ...event }) => {
        const object = JSON.stringify(own ? { ...event, time: iso(at) } : event)
        return `${form ? times[form](at + (own ? 5000 : 0)) : 'INFO'}${words} ${object}`
      })
      const { rows } = await read(lines)
      expect(rows).toEqual(expected(own || form !== null))
    }),
    { numRuns: 10 },
  )
})

test.each([
  ['common', ''],
  ['combined', ' "https://example.com/?a=\\"b\\"" "Mozilla/5.0 (X11; Linux x86_64)"'],
])('the %s log of a web server has its fields as columns, and asks who sent the requests', async (_, end) => {
  const lines = events.map(
    ({ user, item, at }) => `10.0.0.${user.slice(1)} - - ${times.server(at)} "GET /${item} HTTP/1.1" 200 512${end}`,
  )
  const file = write(`access${written++}.log`, lines.join('\n'))
  const { mapping, warnings } = await previewImport({ ratings: [file], items: null }, store.library)
  expect(mapping).toMatchObject({ user: null, item: 'page', time: 'time' })
  expect(warnings.join('\n')).toContain('--user address')
  const { rows } = await read(lines, { user: 'address' })
  expect(rows['10.0.0.3']).toEqual(events.filter(({ user }) => user === 'u3').map(({ item, at }) => [`/${item}`, at]))
})

test('tables whose cells have an equals sign stay tables', async () => {
  const rows = events.map(({ user, item, rating }) => `${user},${item},${rating},q=${item}`)
  const { preview } = await read(['user,item,rating,query', ...rows])
  expect(preview.ratings.format).toBe('delimited text')
})
