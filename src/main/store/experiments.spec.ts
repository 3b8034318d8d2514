import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Recipe } from '../../shared/experiments'
import { experimentId, runId } from '../../shared/ids'
import { defaultPreparation, defaultSplit } from '../../shared/runs'
import { openDatabase } from './connection'
import { openStore } from './open'
import { addSmallDataset } from './small-dataset.fixture'
import type { Store, StoredExperiment } from './store'

let library: string
let store: Store
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-experiments-'))
  store = openStore(library)
})
afterEach(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

function add(): StoredExperiment {
  const dataset = store.datasets.findByName('small') ?? addSmallDataset(store)
  const recipe: Recipe = {
    kind: 'custom',
    datasets: [dataset.id],
    preparations: [defaultPreparation],
    splits: [defaultSplit],
    systems: [
      {
        key: 'a',
        row: 'a',
        label: 'Ash',
        note: null,
        model: 'ash',
        preset: 'search',
        overrides: { lambdas: '5' },
        members: null,
      },
    ],
    seeds: [1, 2],
    reuse: true,
  }
  return store.experiments.create({ name: 'first', recipe, datasets: [dataset.id, dataset.id] })
}

const addRun = (experiment: StoredExperiment) =>
  store.runs.create({
    name: 'Ash',
    dataset: experiment.recipe.datasets[0]!,
    model: 'ash',
    preset: null,
    config: {},
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  })

test('an experiment keeps its recipe and names the run of each place', () => {
  const created = add()
  const run = addRun(created)
  store.experiments.fill(created.id, 0, run.id, { reused: true })
  store.experiments.refuse(created.id, 1, { code: 'BAD_INPUT', message: 'No.', next: 'Change it.' })
  store.experiments.rename(created.id, 'second')
  const other = openStore(library)
  expect(other.experiments.get(created.id)).toEqual({
    ...created,
    name: 'second',
    trials: [
      { position: 0, dataset: run.dataset, run: run.id, reused: true, error: null },
      {
        position: 1,
        dataset: run.dataset,
        run: null,
        reused: false,
        error: { code: 'BAD_INPUT', message: 'No.', next: 'Change it.' },
      },
    ],
  })
  other.close()
  store.experiments.fill(created.id, 1, runId.parse(run.id), { reused: false })
  expect(store.experiments.get(created.id).trials[1]?.error).toBeNull()
})

test('one living process at a time works on it; a dead one holds nothing', () => {
  const { id } = add()
  expect(store.experiments.acquire(id)).toBe(true)
  expect(store.experiments.acquire(id)).toBe(false)
  expect(store.experiments.get(id).owned).toBe(true)
  store.experiments.release(id)
  expect(store.experiments.get(id).owned).toBe(false)
  const database = openDatabase(join(library, 'library.db'))
  database.prepare('UPDATE experiment SET owner = ?').run('0'.repeat(32))
  database.close()
  expect(store.experiments.get(id).owned).toBe(false)
  expect(store.experiments.acquire(id)).toBe(true)
})

test('a deleted run leaves its place open; a deleted data set takes the experiment along', () => {
  const first = add()
  const second = add()
  const run = addRun(first)
  store.experiments.fill(first.id, 0, run.id, { reused: false })
  store.runs.delete(run.id)
  expect(store.experiments.get(first.id).trials.map((trial) => trial.run)).toEqual([null, null])
  expect(store.experiments.list().map(({ id }) => id)).toEqual([second.id, first.id])
  store.experiments.delete(second.id)
  expect(store.experiments.list().map(({ id }) => id)).toEqual([first.id])
  store.datasets.delete(first.recipe.datasets[0]!)
  expect(store.experiments.list()).toEqual([])
  expect(() => store.experiments.get(experimentId.parse(99))).toThrow('There is no experiment 99.')
})
