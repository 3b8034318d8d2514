import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../store/open'
import { datasetProfile } from './profile'
import { writeRatings } from './written-dataset.fixture'

test('a profile has interactions by rank, cold items and all months, also those without interactions', () => {
  const library = mkdtempSync(join(tmpdir(), 'vasp-profile-'))
  const store = openStore(library)
  const moment = (month: number): number => Date.UTC(2020, month, 15) / 1000
  const dataset = writeRatings(store, 'timed', 3, {
    a: [
      [0, 5, moment(0)],
      [1, 5, moment(0)],
    ],
    b: [[0, 5, moment(2)]],
    ...Object.fromEntries(Array.from({ length: 4 }, (_, n) => [`c${n}`, [[0, 5, moment(2)] as const]])),
  })
  const profile = datasetProfile(store, dataset)
  expect(profile.popularity).toEqual([
    { rank: 1, interactions: 6 },
    { rank: 2, interactions: 1 },
    { rank: 3, interactions: 0 },
  ])
  expect(profile.perItem).toEqual([
    { from: 0, to: 0, items: 1 },
    { from: 1, to: 1, items: 1 },
    { from: 2, to: 3, items: 0 },
    { from: 4, to: 7, items: 1 },
  ])
  expect(profile.cold.slice(0, 3)).toEqual([
    { interactions: 0, items: 1 },
    { interactions: 1, items: 1 },
    { interactions: 2, items: 0 },
  ])
  expect(profile).toMatchObject({ coldItems: 2, topTenthShare: 6 / 7, genres: [] })
  expect(profile.overTime).toEqual([
    { period: '2020-01', interactions: 2 },
    { period: '2020-02', interactions: 0 },
    { period: '2020-03', interactions: 5 },
  ])
  store.close()
  rmSync(library, { recursive: true, force: true })
})
