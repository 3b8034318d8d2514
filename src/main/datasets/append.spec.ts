import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DuplicatePolicy, duplicatePolicy } from '../../shared/datasets'
import type { DatasetId } from '../../shared/ids'
import { openStore } from '../store/open'
import type { DatasetWriter, Store, StoredHistory, StoredItem } from '../store/store'
import { appendingWriter } from './append'

let library: string
let store: Store
let written = 0
beforeAll(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-append-'))
  store = openStore(library)
})
afterAll(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

interface Options {
  readonly title?: (id: string) => string
  readonly policy?: DuplicatePolicy
}
type Row = readonly [user: string, item: string, rating: number, time: number]

const byId = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const distinctIds = (rows: readonly Row[], column: 0 | 1): string[] =>
  [...new Set(rows.map((row) => row[column]))].sort(byId)

/** Rows of one user in their order, of each item the one that the policy keeps. */
function keptOf(sorted: readonly Row[], policy: DuplicatePolicy): Row[] {
  return sorted.flatMap((row, at) => {
    const same = sorted.filter(([, item]) => item === row[1])
    const highest = Math.max(...same.map(([, , rating]) => rating))
    const chosen = {
      last: same.at(-1),
      first: same[0],
      maximum: same.findLast(([, , rating]) => rating === highest),
      count: same.at(-1),
    }[policy]
    if (chosen !== sorted[at]) return []
    return policy === 'count' ? [[row[0], row[1], same.length, row[3]] as const] : [row]
  })
}

/** Hands rows over as an import does: items and users by id, rows by time, then as the files have them, of each item the one that is kept. */
function writeRows(
  writer: DatasetWriter,
  rows: readonly Row[],
  timed: boolean,
  { title = (id) => id, policy = 'last' }: Options = {},
): DatasetId {
  const ids = distinctIds(rows, 1)
  const items = ids.map((externalId, index): StoredItem => ({
    index,
    externalId,
    title: title(externalId),
    genres: [],
  }))
  writer.addItems(items)
  let duplicates = 0
  const histories = distinctIds(rows, 0).map((externalId, user): StoredHistory => {
    const own = rows.filter(([of]) => of === externalId)
    const sorted = timed ? own.toSorted((a, b) => a[3] - b[3]) : own
    const kept = keptOf(sorted, policy)
    duplicates += sorted.length - kept.length
    return {
      user,
      externalId,
      items: Int32Array.from(kept, ([, item]) => ids.indexOf(item)),
      ratings: Float32Array.from(kept, ([, , rating]) => rating),
      times: timed ? Float64Array.from(kept, ([, , , time]) => time) : null,
    }
  })
  for (let at = 0; at < histories.length; at += 2) writer.addHistories(histories.slice(at, at + 2))
  return writer.finish({ rejected: 0, duplicates }).id
}

const fresh = (rows: readonly Row[], timed: boolean, options: Options = {}): DatasetId => {
  const importSettings = { duplicates: options.policy }
  const writer = store.datasets.write({ name: `set ${written++}`, source: [], importSettings })
  return writeRows(writer, rows, timed, options)
}
const append = (previous: DatasetId, rows: readonly Row[], timed: boolean, options: Options = {}): DatasetId => {
  const dataset = { name: '', source: [], importSettings: {} }
  return writeRows(appendingWriter(store, previous, dataset, options.policy ?? 'last'), rows, timed, options)
}

/** Ids around the place where code points and UTF-16 units are ordered differently. */
const ids = fc.constantFrom('1', '10', '2', 'é', '\u{fffd}', '\u{1f3ac}', 'z')
const tables = fc.array(fc.tuple(ids, ids, fc.constantFrom(1, 3.5, 5), fc.integer({ min: 0, max: 6 })), {
  minLength: 1,
  maxLength: 30,
})

describe('appending', () => {
  test('keeps attributes that items were given, and leaves the version before as it was', () => {
    const first = fresh([['u', 'b', 5, 1]], true)
    store.datasets.describeItems(first, [{ externalId: 'b', title: 'B', genres: ['G'], attributes: { year: '1995' } }])
    const second = append(
      first,
      [
        ['u', 'a', 4, 2],
        ['u', 'b', 3, 3],
      ],
      true,
    )
    expect(store.datasets.items(second)).toEqual([
      { index: 0, externalId: 'a', title: 'a', genres: [] },
      { index: 1, externalId: 'b', title: 'B', genres: ['G'], attributes: { year: '1995' } },
    ])
    store.datasets.describeItems(second, [{ externalId: 'b', title: null, genres: [], attributes: { year: '1996' } }])
    expect(store.datasets.items(first)[0]?.attributes).toEqual({ year: '1995' })
  })

  test.each([true, false].flatMap((timed) => duplicatePolicy.options.map((policy) => [timed, policy] as const)))(
    'gives what importing all at once gives (times: %s, of duplicates: %s)',
    (timed, policy) => {
      fc.assert(
        fc.property(tables, tables, (before, added) => {
          const appended = append(fresh(before, timed, { policy }), added, timed, { policy })
          const whole = fresh([...before, ...added], timed, { policy })
          const {
            name: _,
            id: __,
            series: ___,
            version,
            newest: ____,
            origin,
            createdAt: _____,
            ...counts
          } = store.datasets.get(appended)
          expect(store.datasets.get(whole)).toMatchObject(counts)
          expect([...store.datasets.histories(appended)]).toEqual([...store.datasets.histories(whole)])
          expect(store.datasets.items(appended)).toEqual(store.datasets.items(whole))
          expect({ version, origin }).toEqual({ version: 2, origin: 'append' })
        }),
        { numRuns: 25 },
      )
    },
  )

  test('leaves the version before as it was, under the same name', () => {
    const first = fresh([['1', 'a', 5, 1]], true)
    const before = [store.datasets.get(first).fingerprint, [...store.datasets.histories(first)]]
    const second = append(
      first,
      [
        ['1', 'a', 3, 2],
        ['0', 'b', 1, 3],
      ],
      true,
    )
    expect([store.datasets.get(first).fingerprint, [...store.datasets.histories(first)]]).toEqual(before)
    expect(store.datasets.get(first)).toMatchObject({ version: 1, newest: false })
    expect(store.datasets.get(second)).toMatchObject({ name: store.datasets.get(first).name, newest: true, users: 2 })
    expect(store.datasets.findByName(store.datasets.get(first).name)?.id).toBe(second)
  })

  test('keeps titles that the added files do not have', () => {
    const first = fresh(
      [
        ['1', 'a', 5, 1],
        ['1', 'b', 5, 1],
      ],
      true,
      { title: (id) => `Title of ${id}` },
    )
    const second = append(
      first,
      [
        ['1', 'a', 5, 1],
        ['1', 'c', 5, 1],
      ],
      true,
      { title: (id) => (id === 'a' ? 'New title' : id) },
    )
    expect(store.datasets.items(second).map(({ title }) => title)).toEqual(['New title', 'Title of b', 'c'])
  })

  test('refuses files without the times that the data set has, and leaves nothing behind', () => {
    const first = fresh([['1', 'a', 5, 1]], true)
    const writer = appendingWriter(store, first, { name: '', source: [], importSettings: {} }, 'last')
    expect(() => writeRows(writer, [['1', 'a', 5, 1]], false)).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        message: expect.stringMatching(/has times, but the added files have none/) as string,
      }),
    )
    writer.abandon()
    expect(store.datasets.list().filter(({ series }) => series === first)).toHaveLength(1)
  })

  test('refuses to add counts to ratings, and ratings to counts', () => {
    const rows: Row[] = [['1', 'a', 5, 1]]
    const [rated, counted] = [fresh(rows, true), fresh(rows, true, { policy: 'count' })]
    expect(() => append(rated, rows, true, { policy: 'count' })).toThrow(/does not count/)
    expect(() => append(counted, rows, true)).toThrow(/counts how often/)
    const series: number[] = [rated, counted]
    expect(store.datasets.list().filter((one) => series.includes(one.series))).toHaveLength(2)
  })
})
