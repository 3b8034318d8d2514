import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetId } from '../../src/shared/ids'
import { fewItems, importSample, resultOf, startStudio, startTraining, tinyVasp, type Studio } from './studio.fixture'

let studio: Studio
let dataset: DatasetId

beforeAll(async () => {
  studio = await startStudio()
  dataset = await importSample(studio.engine)
})
afterAll(() => studio.remove())

test.each([
  ['ease', { lambdas: '100' }, 'returned'],
  ['slim', { iterations: 2 }, 'returned'],
  ['vasp', tinyVasp, 'kept'],
] as const)('the worker of %s returns freed memory only if the model is solved', async (model, settings, freed) => {
  const before = studio.freed.length
  const { job } = await startTraining(studio.engine, dataset, model, settings, fewItems)
  await resultOf(studio.engine, job)
  expect(studio.freed.slice(before).filter((one) => one !== undefined)).toEqual([freed])
})
