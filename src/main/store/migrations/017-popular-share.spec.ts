import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { experimentId, runId } from '../../../shared/ids'
import { defaultPreparation, defaultSplit, type Preparation } from '../../../shared/runs'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 16), join(folder, 'backups'))
  const data = database.prepare(
    `INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
     VALUES (?, ?, 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z')`,
  )
  data.run(1, 'films')
  data.run(2, 'books')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function insertRun(
  id: number,
  config: object,
  preparation: Partial<Preparation> = {},
  members: object[] | null = null,
) {
  database
    .prepare(
      `INSERT INTO run (id, name, dataset, model, preset, config, seed, preparation, split, state, members, created_at)
       VALUES (?, ?, 1, 'vasp', 'reference-code', ?, 1, ?, ?, 'queued', ?, '2026-01-01T00:00:00Z')`,
    )
    .run(
      ...[id, `run ${id}`, JSON.stringify(config)],
      ...[JSON.stringify({ ...defaultPreparation, ...preparation }), JSON.stringify(defaultSplit)],
      members && JSON.stringify(members),
    )
}

const system = (key: string, preset: string | null, overrides: object) => ({
  ...{ key, row: key, label: key, model: 'vasp', preset, overrides, members: null },
})

/** @param trials runs by position; null: open */
function insertExperiment(systems: object[], splits: object[], trials: readonly (number | null)[], datasets = [1, 2]) {
  const recipe = {
    ...{ kind: 'custom', datasets, preparations: [defaultPreparation], splits, systems, seeds: [1], reuse: true },
  }
  database
    .prepare(
      `INSERT INTO experiment (id, name, recipe, planned, created_at) VALUES (1, 'e', ?, ?, '2026-01-01T00:00:00Z')`,
    )
    .run(JSON.stringify(recipe), trials.length)
  const perDataset = trials.length / datasets.length
  const insert = database.prepare('INSERT INTO experiment_run (experiment, position, dataset, run) VALUES (1, ?, ?, ?)')
  trials.forEach((run, position) => insert.run(position, datasets[Math.floor(position / perDataset)], run))
}

test('017 from 016: the share of a run’s items moves to its preparation unchanged, after an earlier choice of items', () => {
  insertRun(1, { hidden: 8, itemShare: 1 / 3 })
  insertRun(2, { hidden: 8, itemShare: 1 }, { mostPopular: 500 })
  insertRun(3, { hidden: 8, itemShare: 0.5 }, { mostPopular: 500, catalogue: 'all' })
  insertRun(4, { hidden: 8 }, { mostPopular: 7 })
  const member = { run: 1, name: 'run 1', model: 'vasp', config: { hidden: 8, itemShare: 0.2 } }
  insertRun(5, { weights: 'equal' }, {}, [member, { ...member, run: 3, weight: 2 }])
  const store = openStore(folder)
  const after = (id: number) => {
    const { config, preparation, preset } = store.runs.get(runId.parse(id))
    expect(preset).toBe('reference-code')
    return [config, preparation.mostPopular]
  }
  expect(after(1)).toEqual([{ hidden: 8 }, { share: 1 / 3, of: null }])
  expect(after(2)).toEqual([{ hidden: 8 }, 500])
  expect(after(3)).toEqual([{ hidden: 8 }, { share: 0.5, of: 500 }])
  expect(store.runs.get(runId.parse(3)).preparation.catalogue).toBe('all')
  expect(after(4)).toEqual([{ hidden: 8 }, 7])
  expect(after(5)).toEqual([{ weights: 'equal' }, { share: 0.2, of: null }])
  expect(store.runs.get(runId.parse(5)).members?.map(({ config, weight }) => [config, weight])).toEqual([
    [{ hidden: 8 }, 1],
    [{ hidden: 8 }, 2],
  ])
  store.close()
})

test('an experiment whose systems all used one share keeps its positions', () => {
  insertRun(1, { itemShare: 0.33 })
  insertExperiment(
    [system('a', 'reference-code', {}), system('b', null, { itemShare: '0.33', latent: 4 })],
    [defaultSplit],
    [1, null],
    [1],
  )
  const store = openStore(folder)
  const { recipe, trials } = store.experiments.get(experimentId.parse(1))
  expect(recipe.preparations).toEqual([{ ...defaultPreparation, mostPopular: { share: 0.33, of: null } }])
  expect(recipe.systems.map(({ preset, overrides }) => [preset, overrides])).toEqual([
    ['reference-code', {}],
    [null, { latent: 4 }],
  ])
  expect(trials.map(({ position, run }) => [position, run])).toEqual([
    [0, 1],
    [1, null],
  ])
  store.close()
})

test('an experiment with several shares measures each on its own items: trained runs move to their share', () => {
  insertRun(1, { itemShare: 1 })
  insertRun(2, { itemShare: 0.33 })
  insertRun(3, { itemShare: 0.33 })
  const splits = [defaultSplit, { ...defaultSplit, seed: 2 }]
  // Data sets, splits, systems.
  insertExperiment([system('a', null, {}), system('b', 'reference-code', {})], splits, [
    1,
    2,
    null,
    3,
    null,
    null,
    1,
    null,
  ])
  const store = openStore(folder)
  const { recipe, trials } = store.experiments.get(experimentId.parse(1))
  expect(recipe.preparations.map(({ mostPopular }) => mostPopular)).toEqual([null, { share: 0.33, of: null }])
  expect(trials.map(({ position }) => position)).toEqual(Array.from({ length: 16 }, (_, position) => position))
  expect(trials.map(({ dataset }) => dataset)).toEqual([...Array<number>(8).fill(1), ...Array<number>(8).fill(2)])
  // Data sets, preparations, splits, systems.
  expect(trials.map(({ run }) => run)).toEqual([
    ...[1, null, null, null],
    ...[null, 2, null, 3],
    ...[null, null, 1, null],
    ...[null, null, null, null],
  ])
  store.close()
})

test('places of a deleted data set stay away', () => {
  insertRun(1, { itemShare: 1 })
  insertExperiment([system('a', null, {}), system('b', 'reference-code', {})], [defaultSplit], [null, null, 1, null])
  database.exec('DELETE FROM dataset WHERE id = 1; UPDATE run SET dataset = 2')
  const store = openStore(folder)
  const { trials } = store.experiments.get(experimentId.parse(1))
  expect(trials.map(({ position, run }) => [position, run])).toEqual([
    [4, null],
    [5, null],
    [6, null],
    [7, null],
  ])
  store.close()
})

test('a damaged row gets no valid checksum', () => {
  insertRun(1, { itemShare: 0.33 })
  database.exec(`UPDATE run SET name = 'another', checksum = 1`)
  expect(() => openStore(folder)).toThrow(expect.objectContaining({ code: 'DAMAGED_FILE' }))
})
