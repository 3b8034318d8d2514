import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RunId } from '../../shared/ids'
import { identicalRun } from './identical-run'
import { expand, recipeOf } from './plan'
import { finishRun, plantRun, plantedLibrary, requestOf, type PlantedLibrary } from './planted-runs.fixture'

let library: PlantedLibrary
beforeEach(() => (library = plantedLibrary()))
afterEach(() => library.remove())

it.each([
  { first: 0.5, isReused: true },
  { first: 0.6, isReused: false },
])('is no product with chosen weights that is worse than one of its runs ($first)', ({ first, isReused }) => {
  const { store, dataset } = library
  const planned = expand(recipeOf(requestOf(dataset, { kind: 'product', presets: 'small' }), () => 'rating'))
  const runs: RunId[] = []
  for (const { system, preparation, split, seed, members: positions } of planned) {
    const members = positions.length === 0 ? null : positions.flatMap((position) => runs[position] ?? [])
    const { model, preset, overrides } = system
    runs.push(plantRun(store, { dataset, model, preset, overrides, seed, preparation, split, name: null, members }))
  }
  const [plain, best] = planned.slice(-2)
  const found = (trial: (typeof planned)[number]): RunId | null =>
    identicalRun(
      store,
      trial,
      trial.members.flatMap((position) => runs[position] ?? []),
    )
  runs.forEach((run, position) => finishRun(store, run, [position === 0 ? first : 0.5, 0.4]))
  expect(found(plain!)).toBe(runs.at(-2))
  expect(found(best!)).toBe(isReused ? runs.at(-1) : null)
})
