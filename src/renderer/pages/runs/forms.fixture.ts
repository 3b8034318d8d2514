import { dataset as datasetShape } from '../../../shared/datasets'
import { noLabel } from '../../../shared/run-labels'
import { modelDescriptor } from '../../../shared/models'
import { defaultPreparation, defaultSplit, runDetail } from '../../../shared/runs'

/** A data set of ratings with times, as the forms' specs choose it. */
export const dataset = datasetShape.parse({
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

/** A model with a field of each kind that is typed. */
export const model = modelDescriptor.parse({
  kind: 'yew',
  name: 'Yew',
  family: 'Trees',
  summary: '',
  explanation: '',
  paper: '',
  training: 'gradient',
  linear: false,
  baseline: false,
  combinesRuns: false,
  members: [],
  fields: [
    { type: 'number', key: 'hidden', label: 'Hidden', help: 'Width.', unit: 'units', integer: true, min: 1, max: 4096 },
    {
      type: 'number',
      key: 'alpha',
      label: 'Alpha',
      help: '',
      integer: false,
      min: null,
      max: null,
      above: 0,
      below: 1,
    },
    { type: 'boolean', key: 'augment', label: 'A/B', help: '' },
    {
      type: 'text',
      key: 'stages',
      label: 'Stages',
      help: 'Rates.',
      pattern: '^\\S+x\\d+$',
      rule: 'a rate, “x” and a number, as 1e-3x15',
    },
  ],
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description: '',
      config: { hidden: 512, alpha: 0.25, augment: true, stages: '1e-3x15' },
    },
  ],
  defaultPreset: 'compact',
})

/** A run of that model whose protocol is not the default one. */
export const trainedRun = runDetail.parse({
  ...noLabel,
  diskBytes: 0,
  id: 9,
  name: 'wide',
  dataset: 1,
  datasetName: 'films',
  valueKind: 'rating',
  model: 'yew',
  preset: 'compact',
  status: { state: 'finished' },
  job: null,
  seed: 1,
  bestEpoch: 1,
  validation: null,
  test: null,
  seconds: 1,
  usable: true,
  createdAt: '2026-11-24T00:00:00Z',
  config: { hidden: 1024, alpha: 0.25, augment: true, stages: '1e-3x15' },
  members: null,
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
