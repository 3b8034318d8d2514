import { describe, expect, it } from 'vitest'
import { modelDescriptor } from '../../../shared/models'
import { defaultPreparation, defaultSplit, trainRequest } from '../../../shared/runs'
import { model } from './forms.fixture'
import { nothingVaried, problemsOf, requestsOf } from './several-runs'

const oak = modelDescriptor.parse({ ...model, kind: 'oak', name: 'Oak', defaultPreset: 'compact' })
const first = trainRequest.parse({
  dataset: 1,
  model: 'yew',
  preset: 'compact',
  overrides: { alpha: 0.5 },
  seed: 1,
  preparation: defaultPreparation,
  split: defaultSplit,
  name: null,
})
const started = (several: Partial<ReturnType<typeof nothingVaried>>) =>
  requestsOf(first, { ...nothingVaried(), ...several }, model, [model, oak]).map(
    ({ model: kind, overrides, seed }) => `${kind} ${JSON.stringify(overrides)} ${seed}`,
  )

describe('several runs at once', () => {
  it('are one run where nothing is varied', () => {
    expect(started({})).toEqual(['yew {"alpha":0.5} 1'])
  })

  it('are every combination of values, models and seeds, each once', () => {
    expect(started({ seeds: '2, 1 2', models: ['oak'], key: 'hidden', values: '64; 128' })).toEqual([
      'yew {"alpha":0.5} 1',
      'yew {"alpha":0.5} 2',
      'yew {"alpha":0.5,"hidden":64} 1',
      'yew {"alpha":0.5,"hidden":64} 2',
      'yew {"alpha":0.5,"hidden":128} 1',
      'yew {"alpha":0.5,"hidden":128} 2',
      'oak {} 1',
      'oak {} 2',
    ])
  })

  it('take schedules with commas, and switches', () => {
    expect(started({ key: 'stages', values: '1e-3x1,1e-4x2; 1e-2x3' })).toHaveLength(3)
    expect(started({ key: 'augment', values: 'off' })).toContain('yew {"alpha":0.5,"augment":false} 1')
  })

  it('name the seed or the value that cannot be read', () => {
    const problems = (several: Partial<ReturnType<typeof nothingVaried>>) =>
      problemsOf({ ...nothingVaried(), ...several }, model)
    expect(problems({ seeds: '2, x' })).toEqual({ seeds: '“x” is not a seed. Write whole numbers such as 2, 3.' })
    expect(problems({ key: 'hidden', values: '64, 0.5' }).values).toMatch(
      /“0\.5” is not a value of Hidden\. Enter a whole/,
    )
    expect(problems({ key: '', values: 'anything' })).toEqual({})
  })
})
