import { describe, expect, it } from 'vitest'
import { dataset as datasetShape } from '../../../shared/datasets'
import { modelDescriptor } from '../../../shared/models'
import { experimentProblem, experimentRequestOf, newExperiment, searchedValues } from './experiment-draft'

const dataset = datasetShape.parse({
  id: 3,
  name: 'movies',
  series: 1,
  version: 1,
  newest: true,
  origin: 'import',
  source: [],
  users: 100,
  items: 10,
  interactions: 1000,
  rejected: 0,
  hasRatings: true,
  hasTimes: false,
  valueKind: 'rating',
  liked: { threshold: 4, evidence: 'Ratings go from 0.5 to 5: liked from 4.' },
  fingerprint: '',
  createdAt: '2026-11-24T00:00:00Z',
})
const vasp = modelDescriptor.parse({
  kind: 'vasp',
  name: 'VASP',
  summary: '',
  explanation: '',
  paper: '',
  training: 'gradient',
  linear: false,
  baseline: false,
  combinesRuns: false,
  members: [],
  fields: [],
  presets: [{ name: 'compact', label: 'Compact', description: '', config: {} }],
  defaultPreset: 'compact',
})

describe('the draft of an experiment', () => {
  it('is ready with one data set, and says what is missing without', () => {
    const draft = newExperiment(dataset, [vasp])
    expect(experimentProblem(draft)).toBeNull()
    expect(experimentRequestOf(draft)).toMatchObject({
      subject: { kind: 'table-3', presets: 'small' },
      datasets: [3],
      seeds: [1],
      splits: [{ seed: 1 }],
      preparations: [{ threshold: 4, minInteractions: 5 }],
      reuse: true,
    })
    expect(experimentProblem(newExperiment(null, [vasp]))).toBe('Choose a data set.')
    expect(experimentProblem({ ...draft, seeds: '1, x' })).toContain('whole numbers')
    expect(experimentProblem({ ...draft, kind: 'custom', models: [] })).toBe('Choose at least one model.')
  })

  it('makes one split per split seed', () => {
    const draft = { ...newExperiment(dataset, [vasp]), seeds: '1, 2,3', splitSeeds: '7,8' }
    const request = experimentRequestOf(draft)
    expect(request.seeds).toEqual([1, 2, 3])
    expect(request.splits.map(({ seed }) => seed)).toEqual([7, 8])
  })

  it('reads values and ranges of a search', () => {
    expect(searchedValues({ key: 'a', text: ' 1, 2 ,x' })).toEqual(['1', '2', 'x'])
    expect(searchedValues({ key: 'a', text: '1e-3x2,1e-4x1 | 1e-3x3' })).toEqual(['1e-3x2,1e-4x1', '1e-3x3'])
    expect(searchedValues({ key: 'a', text: '0.05..0.5' })).toEqual({ low: 0.05, high: 0.5, log: false })
    expect(searchedValues({ key: 'a', text: '1e-4 .. 1e-2 log' })).toEqual({ low: 1e-4, high: 1e-2, log: true })
    expect(searchedValues({ key: 'a', text: ' , ' })).toBeNull()
    expect(searchedValues({ key: 'a', text: 'low..high' })).toBeNull()
    const draft = {
      ...newExperiment(dataset, [vasp]),
      kind: 'search' as const,
      settings: [
        { key: 'alpha', text: '0.1..0.5' },
        { key: 'heads', text: '1,2' },
        { key: '', text: '' },
      ],
    }
    expect(experimentProblem(draft)).toBeNull()
    expect(experimentRequestOf(draft).subject).toEqual({
      kind: 'search',
      space: {
        model: 'vasp',
        preset: null,
        overrides: {},
        grid: { heads: ['1', '2'] },
        random: { alpha: { low: 0.1, high: 0.5, log: false } },
        budget: 12,
        seed: 1,
      },
    })
    expect(experimentProblem({ ...draft, settings: [] })).toBe('Name a setting to search.')
    expect(experimentProblem({ ...draft, settings: [{ key: 'alpha', text: '' }] })).toContain('for alpha')
    expect(experimentProblem({ ...draft, budget: '0' })).toContain('budget')
  })
})
