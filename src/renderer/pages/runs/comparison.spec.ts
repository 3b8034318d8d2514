import { describe, expect, it } from 'vitest'
import { noLabel } from '../../../shared/run-labels'
import { modelDescriptor, type ModelKind } from '../../../shared/models'
import { runDetail, type RunDetail } from '../../../shared/runs'
import { comparable, missingBaselines, pending } from './comparison'

const metric = (mean: number) => ({ mean, se: 0.01, users: 60 })
const run = (id: number, model: ModelKind, ndcg: number | null, change: object = {}): RunDetail =>
  runDetail.parse({
    ...noLabel,
    diskBytes: 0,
    id,
    name: model,
    dataset: 1,
    datasetName: 'films',
    valueKind: 'rating',
    model,
    preset: null,
    status: { state: ndcg === null ? 'running' : 'finished' },
    job: null,
    seed: 1,
    bestEpoch: 1,
    validation: null,
    test: ndcg === null ? null : { 'ndcg@100': metric(ndcg), 'recall@20': metric(0.1), 'recall@50': metric(0.2) },
    seconds: 1,
    usable: true,
    createdAt: '2026-11-24T00:00:00Z',
    config: {},
    preparation: { threshold: 4, minInteractions: 5 },
    split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
    splitSummary: null,
    environment: null,
    epochs: [],
    rowsPerSecond: null,
    peakBytes: null,
    estimatedBytes: null,
    parameters: null,
    checkpointBytes: null,
    ...change,
  })
const models = ['yew', 'ash', 'pine'].map((kind) =>
  modelDescriptor.parse({
    kind,
    name: kind,
    summary: '',
    explanation: '',
    family: 'Trees',
    paper: '',
    training: 'closed-form',
    linear: false,
    baseline: kind !== 'yew',
    combinesRuns: false,
    members: [],
    fields: [],
    presets: [{ name: 'default', label: '', description: '', config: {} }],
    defaultPreset: 'default',
  }),
)
const yew = run(1, 'yew', 0.4)
const ash = run(2, 'ash', 0.38)

describe('comparison', () => {
  it('puts the best first and leaves other protocols out', () => {
    const better = run(3, 'fir', 0.41)
    const otherSeed = run(4, 'ash', 0.9, { split: { seed: 2, test: 60, validation: 60, foldIn: 0.8 } })
    const otherThreshold = run(5, 'ash', 0.9, { preparation: { threshold: null, minInteractions: 5 } })
    expect(comparable(yew, [ash, better, otherSeed, otherThreshold]).map(({ id }) => id)).toEqual([3, 1, 2])
  })

  it('offers only baselines that are neither there nor on their way', () => {
    expect(missingBaselines(yew, [], models)).toEqual(['ash', 'pine'])
    expect(missingBaselines(yew, [ash, run(8, 'pine', null)], models)).toEqual([])
    expect(missingBaselines(ash, [yew], models)).toEqual(['pine'])
    expect(pending(yew, [ash, run(8, 'pine', null)]).map(({ id }) => id)).toEqual([8])
  })
})
