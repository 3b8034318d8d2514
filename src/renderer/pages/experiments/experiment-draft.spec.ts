import { describe, expect, it } from 'vitest'
import { dataset as datasetShape } from '../../../shared/datasets'
import { modelDescriptor } from '../../../shared/models'
import { experimentRequest } from '../../../shared/experiments'
import { experimentForm, newExperiment, seedsIn, seedsOut } from './experiment-draft'

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
const yew = modelDescriptor.parse({
  kind: 'yew',
  name: 'Yew',
  summary: '',
  explanation: '',
  family: 'Trees',
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

/** The first error of a draft, by its field. */
const problems = (draft: object): Record<string, string> =>
  Object.fromEntries(
    experimentForm
      .safeParse(draft)
      .error?.issues.toReversed()
      .map(({ path, message }) => [path.join('.'), message]) ?? [],
  )
const whole = 'Enter whole numbers, separated by commas, as 1, 2, 3.'

describe('the draft of an experiment', () => {
  it('is valid with one data set, and names what is missing without one', () => {
    const draft = newExperiment(dataset, [yew])
    expect(experimentRequest.parse(experimentForm.parse(draft))).toMatchObject({
      subject: { kind: 'table-3', presets: 'small' },
      datasets: [3],
      seeds: [1],
      splits: [{ seed: 1 }],
      preparations: [{ threshold: 4, minInteractions: 5 }],
      reuse: true,
    })
    expect(problems(newExperiment(null, [yew]))).toEqual({ datasets: 'Choose at least one data set.' })
    expect(problems({ ...draft, seeds: seedsIn('1, x'), splitSeeds: seedsIn('') })).toEqual({
      seeds: whole,
      splitSeeds: whole,
    })
    expect(problems({ ...draft, kind: 'custom', models: [] })).toEqual({ models: 'Choose at least one model.' })
    expect(problems({ ...draft, split: { ...draft.split, test: 'x' } })).toEqual({
      'split.test': 'Enter a whole number, 1 or more.',
    })
  })

  it('trains each chosen model with its default preset', () => {
    expect(experimentForm.parse({ ...newExperiment(dataset, [yew]), kind: 'custom' }).subject).toEqual({
      kind: 'custom',
      systems: [{ model: 'yew', preset: null, overrides: {}, label: null }],
    })
  })

  it('makes one split per split seed', () => {
    const draft = { ...newExperiment(dataset, [yew]), seeds: seedsIn('1, 2,3'), splitSeeds: seedsIn('7,8') }
    const request = experimentForm.parse(draft)
    expect(request.seeds).toEqual([1, 2, 3])
    expect(request.splits.map(({ seed }) => seed)).toEqual([7, 8])
    expect(seedsOut(draft.seeds)).toBe('1, 2, 3')
  })

  const search = { ...newExperiment(dataset, [yew]), kind: 'search' as const }
  const of = (...settings: [key: string, values: string][]): object => ({
    ...search,
    settings: settings.map(([key, values]) => ({ key, values })),
  })

  it.each([
    [' 1, 2 ,x', { grid: { a: ['1', '2', 'x'] }, random: {} }],
    ['1e-3x2,1e-4x1 | 1e-3x3', { grid: { a: ['1e-3x2,1e-4x1', '1e-3x3'] }, random: {} }],
    ['0.05..0.5', { grid: {}, random: { a: { low: 0.05, high: 0.5, log: false } } }],
    ['1e-4 .. 1e-2 log', { grid: {}, random: { a: { low: 1e-4, high: 1e-2, log: true } } }],
  ])('searches over %s', (values, space) => {
    expect(experimentForm.parse(of(['a', values], ['', ' '])).subject).toEqual({
      kind: 'search',
      space: { model: 'yew', preset: null, overrides: {}, budget: 12, seed: 1, ...space },
    })
  })

  it('names what is missing at each line of a search', () => {
    const values = 'Enter values, such as 0.1, 0.25, or a range, such as 0.05..0.5.'
    expect(problems(of(['', '']))).toEqual({ 'settings.0.key': 'Choose a setting to search.' })
    expect(problems(of(['a', ' , '], ['b', 'low..high']))).toEqual({
      'settings.0.values': values,
      'settings.1.values': values,
    })
    expect(problems(of(['a', '1'], ['', '2'], ['a', '3']))).toEqual({
      'settings.1.key': 'Choose the setting for these values.',
      'settings.2.key': 'This setting is searched above: put all its values there.',
    })
    expect(problems({ ...of(['a', '1']), budget: 0 })).toEqual({ budget: 'Enter a whole number from 1 to 10,000.' })
  })
})
