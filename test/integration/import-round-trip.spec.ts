import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importRatings } from '../../src/main/importing/import-ratings'
import { openStore } from '../../src/main/store/open'
import type { Store } from '../../src/main/store/store'
import { recordingContext } from './recording-context'

let folder: string
let store: Store
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-round-trip-'))
  store = openStore(join(folder, 'library'))
})
afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Ids as people have them: any text without line ends, with quotes, separators, spaces, emoji and leading zeros. */
const id = fc.oneof(
  // Few, so that the same user meets the same item again.
  { arbitrary: fc.constantFrom('7', '07', 'a'), weight: 4 },
  fc.integer({ min: 0, max: 30 }).map((n) => String(n).padStart(3, '0')),
  fc.stringMatching(/^[A-Za-z0-9 ,;|"'\\#äß🎬_%-]{1,8}$/u).filter((text) => text.trim() !== ''),
)
const row = fc.record({
  user: id,
  item: id,
  rating: fc.integer({ min: -4, max: 20 }).map((half) => half / 2),
  time: fc.integer({ min: 0, max: 2_000_000_000 }),
  /** What is wrong with it; written instead of the good value. */
  fault: fc.oneof(
    { arbitrary: fc.constant(null), weight: 4 },
    fc.constantFrom(
      { column: 'user', text: '', reason: 'no user id' },
      { column: 'item', text: '  ', reason: 'no item id' },
      { column: 'rating', text: 'good', reason: 'rating is not a number' },
      { column: 'rating', text: 'NaN', reason: 'rating is NaN' },
      { column: 'rating', text: '', reason: 'no rating' },
      { column: 'time', text: 'soon', reason: 'time is not a time' },
      { column: 'time', text: '-1', reason: 'time is before 1970' },
    ),
  ),
})
const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom('\n', '\r\n'),
  quoteAll: fc.boolean(),
})
const columns = ['user', 'item', 'rating', 'time'] as const

test('what was written is read back or rejected with its line, in any dialect', async () => {
  let name = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 25 }),
      dialect,
      async (rows, { delimiter, end, quoteAll }) => {
        const quoted = (text: string): string =>
          quoteAll || /[",;|\t'\\# ]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
        const line = (written: (typeof rows)[number]): string =>
          columns
            .map((column) => (written.fault?.column === column ? written.fault.text : String(written[column])))
            .map(quoted)
            .join(delimiter)
        const path = join(folder, 'table.csv')
        // The first row says what the columns look like, as in every real export.
        const text = ['user,item,rating,time'.replaceAll(',', delimiter), ...rows.map(line)].join(end) + end
        writeFileSync(path, text)

        const good = rows.filter(({ fault }) => fault === null)
        const request = {
          name: `table ${name++}`,
          ratings: [{ path, name: 'table.csv' }],
          items: null,
          mapping: { user: 'user', item: 'item', rating: 'rating', time: 'time' },
          itemMapping: null,
        }
        const done = importRatings(store, request, recordingContext().context)
        if (good.length === 0) {
          await expect(done).rejects.toMatchObject({ code: 'BAD_INPUT' })
          return
        }
        const { dataset, rejected, duplicates } = await done

        // Of equal pairs the last by time counts, of equal times the one further down.
        const kept = new Map<string, (typeof rows)[number]>()
        for (const written of good.toSorted((a, b) => a.time - b.time))
          kept.set(JSON.stringify([written.user, written.item]), written)
        const ids = store.datasets.items(dataset).map(({ externalId }) => externalId)
        const read = [...store.datasets.histories(dataset)].flatMap(({ externalId, items, ratings, times }) =>
          Array.from(items, (item, i) => [externalId, ids[item], ratings?.[i], times?.[i]]),
        )
        const expected = [...kept.values()].map(({ user, item, rating, time }) => [user, item, rating, time])
        const inOrder = (table: unknown[]): string[] => table.map((cells) => JSON.stringify(cells)).sort()
        expect(inOrder(read)).toEqual(inOrder(expected))
        expect(duplicates).toBe(good.length - kept.size)

        expect(store.datasets.rejects(dataset, 0, 100).rows).toEqual(
          rows.flatMap((written, i) =>
            written.fault
              ? [{ file: 'table.csv', line: i + 2, reason: written.fault.reason, text: line(written) }]
              : [],
          ),
        )
        expect(rejected).toBe(rows.length - good.length)
        store.datasets.delete(dataset)
      },
    ),
    { numRuns: 40 },
  )
})
