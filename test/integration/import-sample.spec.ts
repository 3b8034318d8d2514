import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importRatings } from '../../src/main/importing/import-ratings'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import { openStore } from '../../src/main/store/open'
import type { Store } from '../../src/main/store/store'
import { recordingContext } from './recording-context'
import { mappingOf } from './recognised-mapping'

const sample = join(import.meta.dirname, '../../resources/sample/ml-latest-small')
const peers = join(import.meta.dirname, '../../../shared/data')
const file = (folder: string, name: string): NamedFile => ({ path: join(folder, name), name })

let library: string
let store: Store
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-import-'))
  store = openStore(library)
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

async function importAll(ratings: NamedFile, items: NamedFile, name = 'movies') {
  const preview = await previewImport({ ratings: [ratings], items }, library)
  const [mapping, { itemMapping }] = [mappingOf(preview), preview]
  const { context, stages } = recordingContext()
  const result = await importRatings(store, { name, ratings: [ratings], items, mapping, itemMapping }, context)
  return { mapping, itemMapping, result, stages }
}

test('MovieLens latest-small: recognised, imported whole', async () => {
  const { mapping, itemMapping, result, stages } = await importAll(
    file(sample, 'ratings.csv'),
    file(sample, 'movies.csv'),
  )
  expect(mapping).toEqual({ user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' })
  expect(itemMapping).toEqual({ item: 'movieId', title: 'title', genres: 'genres' })
  expect(result).toMatchObject({
    users: 610,
    items: 9724,
    interactions: 100_836,
    rejected: 0,
    duplicates: 0,
    unmatchedItems: 9742 - 9724,
  })
  expect(new Set(stages)).toEqual(
    new Set([
      'Checking movies.csv',
      'Checking ratings.csv',
      'Reading ratings.csv',
      'Sorting by user',
      'Writing histories',
    ]),
  )

  const detail = store.datasets.detail(result.dataset)
  expect(detail).toMatchObject({ hasRatings: true, hasTimes: true, source: ['ratings.csv', 'movies.csv'] })
  expect(detail.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(detail.ratingHistogram.reduce((sum, { count }) => sum + count, 0)).toBe(100_836)
  expect(detail.ratingHistogram.find(({ rating }) => rating === 5)?.count).toBe(13_211)
  expect(detail.topItems[0]).toEqual({ id: '356', title: 'Forrest Gump (1994)', interactions: 329 })
  expect(detail.activityHistogram.reduce((sum, { users }) => sum + users, 0)).toBe(610)
  expect(detail.density).toBeCloseTo(100_836 / (610 * 9724), 12)

  // The first lines of the file: user 1 rated film 1 with 4.0 at 964982703.
  const history = store.datasets.history(result.dataset, '1')
  const toyStory = store.datasets.items(result.dataset).find(({ externalId }) => externalId === '1')
  expect(toyStory).toMatchObject({
    title: 'Toy Story (1995)',
    genres: ['Adventure', 'Animation', 'Children', 'Comedy', 'Fantasy'],
  })
  const at = history?.items.indexOf(toyStory?.index ?? -1) ?? -1
  expect(history?.ratings?.[at]).toBe(4)
  expect(history?.times?.[at]).toBe(964_982_703)
  expect(history?.items).toHaveLength(232)
  expect([...(history?.times ?? [])]).toEqual([...(history?.times ?? [])].sort((a, b) => a - b))
  expect(store.datasets.searchItems(result.dataset, 'toy story', 3).map(({ id }) => id)).toEqual(['1', '3114', '78499'])
  expect(readdirSync(join(library, 'scratch'))).toEqual([])
})

test('the same content has the same fingerprint, another content another', async () => {
  const first = await importAll(file(sample, 'ratings.csv'), file(sample, 'movies.csv'), 'first')
  const second = await importAll(file(sample, 'ratings.csv'), file(sample, 'movies.csv'), 'second')
  const mapping = { ...first.mapping, rating: null }
  const { context } = recordingContext()
  const implicit = await importRatings(
    store,
    { name: 'implicit', ratings: [file(sample, 'ratings.csv')], items: null, mapping, itemMapping: null },
    context,
  )
  const fingerprint = (id: typeof first.result.dataset): string => store.datasets.get(id).fingerprint
  expect(fingerprint(second.result.dataset)).toBe(fingerprint(first.result.dataset))
  expect(fingerprint(implicit.dataset)).not.toBe(fingerprint(first.result.dataset))
})

test.skipIf(!existsSync(peers))('MovieLens 1M positives, titles in :: format and Latin-1', async () => {
  const folder = join(peers, 'ml-1m')
  const { mapping, result } = await importAll(file(folder, 'positives_ge4.csv'), file(folder, 'movies.dat'))
  expect(mapping).toEqual({ user: 'userId', item: 'movieId', rating: null, time: null })
  expect(result).toMatchObject({ users: 6038, items: 3533, interactions: 575_281, rejected: 0 })
  expect(store.datasets.searchItems(result.dataset, 'miserables', 9).map(({ title }) => title)).toContain(
    'Misérables, Les (1998)',
  )
})

test.skipIf(!existsSync(peers))('MovieLens 100K with one column per genre', async () => {
  const folder = join(peers, 'ml-100k')
  const { result } = await importAll(file(folder, 'ratings.csv'), file(folder, 'movies.csv'))
  expect(result).toMatchObject({ users: 943, items: 1682, interactions: 100_000, rejected: 0 })
})

test.skipIf(!existsSync(peers))('the peers’ MovieLens latest-small, counted line by line', async () => {
  const folder = join(peers, 'ml-latest-small')
  const { result } = await importAll(file(folder, 'ratings.csv'), file(folder, 'movies.csv'))
  const lines = readFileSync(join(folder, 'ratings.csv'), 'utf8').trimEnd().split('\n').slice(1)
  const distinct = (column: number): number => new Set(lines.map((line) => line.split(',')[column])).size
  expect(result).toMatchObject({
    users: distinct(0),
    items: distinct(1),
    interactions: lines.length,
    rejected: 0,
    duplicates: 0,
  })
  expect(lines.length).toBeGreaterThanOrEqual(100_836)
})
