import { expect, it } from 'vitest'
import { modelDescriptor } from '../../../shared/models'
import { trainRequest } from '../../../shared/runs'
import { model, trainedRun } from './forms.fixture'
import { changesOf } from './run-changes'

const oak = modelDescriptor.parse({ ...model, kind: 'oak', name: 'Oak' })
const same = trainRequest.parse({
  dataset: 1,
  model: 'yew',
  preset: 'compact',
  overrides: { hidden: 1024 },
  seed: 1,
  preparation: trainedRun.preparation,
  split: trainedRun.split,
  name: null,
})

it('finds nothing where the settings are those of the run', () => {
  expect(changesOf(same, trainedRun, [model, oak])).toEqual([])
})

it('shows settings, seed and protocol before and after', () => {
  const changed = {
    ...same,
    overrides: { augment: false },
    seed: 2,
    preparation: { ...same.preparation, threshold: null },
  }
  expect(changesOf(changed, trainedRun, [model, oak])).toEqual([
    { label: 'Hidden', before: '1024', now: '512' },
    { label: 'A/B', before: 'on', now: 'off' },
    { label: 'Training seed', before: '1', now: '2' },
    { label: 'Liked', before: '3', now: 'every interaction' },
  ])
})

it('names another model instead of all its settings', () => {
  expect(changesOf({ ...same, model: 'oak', overrides: {} }, trainedRun, [model, oak])).toEqual([
    { label: 'Model', before: 'Yew', now: 'Oak' },
  ])
})
