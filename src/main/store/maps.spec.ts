import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mapId, type RunId } from '../../shared/ids'
import { defaultMapSettings } from '../../shared/maps'
import { defaultPreparation, defaultSplit } from '../../shared/runs'
import { openStore } from './open'
import { addSmallDataset } from './small-dataset.fixture'
import type { NewMap, Store } from './store'

let library: string
let store: Store
let run: RunId
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-maps-'))
  store = openStore(library)
  run = store.runs.create({
    name: 'Yew',
    dataset: addSmallDataset(store).id,
    model: 'yew',
    preset: 'compact',
    config: {},
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  }).id
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const newMap = (change: Partial<NewMap> = {}): NewMap => ({
  run,
  settings: defaultMapSettings,
  epoch: 7,
  seconds: 1.5,
  items: Int32Array.of(2, 0, 1),
  popularity: Int32Array.of(3, 2, 1),
  plots: [
    { name: 'joint', divergence: 0.75, x: Float32Array.of(1, 2, 3), y: Float32Array.of(-1, -2, -3) },
    { name: 'fir', divergence: 0.5, x: Float32Array.of(0, 0.5, 1), y: Float32Array.of(9, 8, 7) },
  ],
  ...change,
})

describe('maps', () => {
  test('come back as they were put in, newest first', () => {
    const record = store.maps.save(newMap())
    expect(record).toMatchObject({ run, epoch: 7, seconds: 1.5, items: 3, settings: defaultMapSettings })
    expect(record.plots).toEqual([
      { name: 'joint', divergence: 0.75 },
      { name: 'fir', divergence: 0.5 },
    ])
    const { items, popularity, plots } = newMap()
    expect(store.maps.get(record.id)).toEqual({ record, items, popularity, plots })
    const other = store.maps.save(newMap({ settings: { ...defaultMapSettings, perplexity: 5 } }))
    expect(store.maps.list(run)).toEqual([other, record])
  })

  test('replace the one of the same run and settings', () => {
    const first = store.maps.save(newMap())
    const second = store.maps.save(newMap({ epoch: 8 }))
    expect(store.maps.list(run)).toEqual([second])
    expect(() => store.maps.get(first.id)).toThrow(/no map/)
  })

  test('go alone, and with their run', () => {
    const first = store.maps.save(newMap())
    store.maps.delete(first.id)
    expect(store.maps.list(run)).toEqual([])
    expect(() => store.maps.delete(first.id)).toThrow(/no map/)
    const second = store.maps.save(newMap())
    store.runs.delete(run)
    expect(() => store.maps.get(second.id)).toThrow(/no map/)
  })

  test('that do not exist are named so', () => {
    const { id } = store.maps.save(newMap())
    expect(() => store.maps.get(mapId.parse(99))).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', message: `There is no map 99. Maps: ${id}.` }),
    )
  })
})
