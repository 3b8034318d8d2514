import { describe, expect, it } from 'vitest'
import { dataset as datasetShape } from '../../../shared/datasets'
import { modelDescriptor } from '../../../shared/models'
import { defaultPreparation, defaultSplit, runDetail, trainRequest } from '../../../shared/runs'
import {
  combinationOf,
  draftFromRun,
  fieldProblem,
  isReady,
  likedHelp,
  followSuggestion,
  newDraft,
  setValue,
  shownValue,
  trainRequestOf,
} from './run-draft'
import { protocolProblem, splitProblem } from './protocol-draft'

const dataset = datasetShape.parse({
  id: 1,
  name: 'films',
  series: 1,
  version: 1,
  newest: true,
  origin: 'import',
  source: ['ratings.csv'],
  users: 600,
  items: 900,
  interactions: 10_000,
  rejected: 0,
  hasRatings: true,
  hasTimes: true,
  valueKind: 'rating',
  liked: { threshold: 4, evidence: 'Ratings go from 0.5 to 5: liked from 4.' },
  fingerprint: 'aa',
  createdAt: '2026-11-24T00:00:00Z',
})
const model = modelDescriptor.parse({
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
  fields: [
    { type: 'number', key: 'hidden', label: 'Hidden', help: '', integer: true, min: 1, max: 4096 },
    { type: 'boolean', key: 'augment', label: 'A/B', help: '' },
    { type: 'text', key: 'stages', label: 'Stages', help: '', pattern: '^\\S+x\\d+$' },
  ],
  presets: [
    { name: 'compact', label: 'Compact', description: '', config: { hidden: 512, augment: true, stages: '1e-3x15' } },
  ],
  defaultPreset: 'compact',
})

describe('a run’s draft', () => {
  it('starts with the preset and makes a request that the contract accepts', () => {
    const draft = newDraft(dataset, [model])
    expect(shownValue(draft, model, 'hidden')).toBe('512')
    expect(isReady(draft, model, dataset.users)).toBe(true)
    expect(trainRequest.parse(trainRequestOf(draft, model, dataset))).toMatchObject({
      model: 'vasp',
      preset: 'compact',
      overrides: {},
      preparation: { threshold: 4, minInteractions: 5 },
      split: { seed: 1, test: null, validation: null, foldIn: 0.8 },
      name: null,
    })
  })

  it('counts every interaction where the data set has no ratings', () => {
    expect(
      trainRequestOf(newDraft({ ...dataset, liked: { threshold: null, evidence: '' } }, [model]), model, dataset)
        .preparation.threshold,
    ).toBeNull()
  })

  it('sends the protocol as it is chosen, and needs a date for a split by date', () => {
    const draft = { ...newDraft(dataset, [model]), method: 'date' as const, catalogue: 'all' as const, foldIn: '0.5' }
    expect(splitProblem(draft, dataset.users)).toContain('first day')
    expect(isReady(draft, model, dataset.users)).toBe(false)
    const dated = { ...draft, date: '2015-01-31', test: '599' }
    expect(isReady(dated, model, dataset.users)).toBe(true)
    expect(trainRequest.parse(trainRequestOf(dated, model, dataset))).toMatchObject({
      preparation: { catalogue: 'all' },
      split: { method: 'date', date: '2015-01-31', file: null, foldIn: 0.5, recallDenominator: 'min(k, |R|)' },
    })
    expect(protocolProblem({ ...draft, foldIn: '1' }, 'foldIn')).toBe('At most 0.95.')
  })

  it('sends numbers as numbers and forgets a value that is the preset’s again', () => {
    const draft = newDraft(dataset, [model])
    setValue(draft, model, 'hidden', '1024')
    setValue(draft, model, 'augment', false)
    expect(trainRequestOf(draft, model, dataset).overrides).toEqual({ hidden: 1024, augment: false })
    setValue(draft, model, 'hidden', '512')
    setValue(draft, model, 'augment', true)
    expect(draft.overrides).toEqual({})
  })

  it('says what is wrong with a field', () => {
    const [hidden, , stages] = model.fields
    expect(fieldProblem(hidden!, '12.5')).toBe('A whole number is needed here.')
    expect(fieldProblem(hidden!, '5000')).toBe('At most 4096.')
    expect(fieldProblem(hidden!, 'many')).toBe('This is not a number.')
    expect(fieldProblem(hidden!, '')).toBe('A number is needed here.')
    expect(fieldProblem(stages!, '1e-3')).toBe('This is not in the expected form.')
  })

  it('does not start with a bad value or with nobody left to train on', () => {
    const draft = newDraft(dataset, [model])
    setValue(draft, model, 'hidden', '0')
    expect(isReady(draft, model, dataset.users)).toBe(false)
    const greedy = { ...newDraft(dataset, [model]), test: '300', validation: '300' }
    expect(splitProblem(greedy, dataset.users)).toContain('600 held out')
    expect(isReady(greedy, model, dataset.users)).toBe(false)
    expect(protocolProblem({ ...greedy, seed: '-1' }, 'seed')).toBe('At least 0.')
  })
})

describe('a draft of trained runs', () => {
  const member = { run: 3, name: 'NEASE', model: 'nease', config: {} }
  const combination = runDetail.parse({
    id: 9,
    name: 'product',
    dataset: 1,
    datasetName: 'films',
    valueKind: 'rating',
    model: 'hadamard',
    preset: null,
    status: { state: 'finished' },
    job: null,
    seed: 1,
    bestEpoch: 1,
    validation: null,
    test: null,
    seconds: 1,
    usable: true,
    createdAt: '2026-11-24T00:00:00Z',
    config: {},
    members: [member, { ...member, run: 4 }],
    preparation: { ...defaultPreparation, threshold: 3 },
    split: { ...defaultSplit, seed: 7 },
    splitSummary: null,
    environment: null,
    epochs: [],
    rowsPerSecond: null,
    peakBytes: null,
    estimatedBytes: null,
    parameters: null,
    checkpointBytes: null,
    segments: [],
  })

  it('combines them by the protocol of the first, with the weights of the run that it begins from', () => {
    const draft = draftFromRun(combination, model)
    expect(draft.members).toEqual([3, 4])
    expect(trainRequest.parse(combinationOf(draft, combination))).toMatchObject({
      model: 'hadamard',
      preset: null,
      overrides: { weights: 'equal' },
      members: [3, 4],
      preparation: { threshold: 3 },
      split: { seed: 7 },
    })
  })

  it('weighs them by the validation users unless somebody chooses otherwise', () => {
    const weighed = draftFromRun({ ...combination, config: { weights: 'validation' } }, model)
    expect(combinationOf(weighed, combination).overrides).toEqual({ weights: 'validation' })
    expect(combinationOf({ ...newDraft(dataset, [model]), members: [3, 4] }, combination).overrides).toEqual({
      weights: 'validation',
    })
  })

  it('needs two', () => {
    const draft = { ...newDraft(dataset, [model]), members: [3] }
    expect(isReady(draft, model, dataset.users)).toBe(false)
    expect(isReady({ ...draft, members: [3, 4] }, model, dataset.users)).toBe(true)
  })
})

describe('what counts as liked', () => {
  it('is explained as it stands in the form, not as it is suggested', () => {
    const all = { ...dataset, liked: { threshold: null, evidence: 'Counts: every interaction counts as liked.' } }
    expect(likedHelp('', all)).toBe('Counts: every interaction counts as liked.')
    expect(likedHelp('3', all)).toBe('Interactions with a value of 3 or more count as liked.')
    expect(likedHelp(' ', { ...all, liked: { threshold: 4, evidence: 'Stars.' } })).toBe(
      'Every interaction counts as liked.',
    )
  })

  const tens = { ...dataset, liked: { threshold: 8, evidence: '' } }
  const counts = { ...dataset, liked: { threshold: null, evidence: '' } }

  it('follows the data set until somebody chooses a threshold', () => {
    const draft = newDraft(dataset, [model])
    expect(draft.threshold).toBe('4')
    followSuggestion(draft, tens, dataset)
    expect(draft.threshold).toBe('8')
    followSuggestion(draft, counts, tens)
    expect(draft.threshold).toBe('')
    draft.threshold = '3'
    followSuggestion(draft, dataset, counts)
    expect(draft.threshold).toBe('3')
  })
})
