import { expect, it } from 'vitest'
import { experimentTable, type ExperimentTable } from '../../../shared/experiments'
import { noLabel } from '../../../shared/run-labels'
import { defaultPreparation, defaultSplit, runDetail, type RunDetail } from '../../../shared/runs'
import { rowCurves, searchCurves } from './curves'

const metrics = (mean: number) => {
  const metric = { mean, se: 0.01, users: 60 }
  return { 'ndcg@100': metric, 'recall@20': metric, 'recall@50': metric }
}
const run = (id: number, loss: Record<string, number>): RunDetail =>
  runDetail.parse({
    ...noLabel,
    diskBytes: 0,
    id,
    name: 'run',
    dataset: 1,
    datasetName: 'movies',
    datasetVersion: 1,
    valueKind: 'rating',
    model: 'fir',
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
    preparation: defaultPreparation,
    split: defaultSplit,
    splitSummary: null,
    segments: [],
    environment: null,
    epochs: [1, 2].map((epoch) => ({
      epoch,
      label: 'lr',
      loss,
      validation: metrics(epoch / 10),
      seconds: 1,
      rowsPerSecond: 1,
    })),
    rowsPerSecond: 1,
    peakBytes: 1,
    estimatedBytes: null,
    parameters: 1,
    checkpointBytes: 1,
  })

const table = (means: readonly (number | null)[]): ExperimentTable =>
  experimentTable.parse({
    title: 'Search',
    dataset: 1,
    datasetName: 'movies',
    datasetVersion: 1,
    valueKind: 'rating',
    preparation: defaultPreparation,
    split: defaultSplit,
    heldOut: 'validation',
    segment: null,
    metrics: ['ndcg@100'],
    users: 60,
    seeds: [1],
    rows: means.map((mean, index) => ({
      key: `candidate-${index + 1}`,
      label: `gamma=${index}`,
      model: 'fir',
      preset: null,
      overrides: {},
      runs: mean === null ? [] : [index + 1],
      missing: 0,
      failed: [],
      combined: [],
      cells:
        mean === null
          ? {}
          : { 'ndcg@100': { mean, se: 0, users: 60, seedSe: null, best: false, tied: false, p: null } },
      seconds: 1,
      published: {},
    })),
    published: null,
    significance: null,
    notes: [],
  })

it('draws the validation of each row by epoch; exact solutions and open runs have none', () => {
  const runs = new Map([
    [1, run(1, { total: 1 })],
    [2, run(2, {})],
  ])
  expect(rowCurves(table([0.1, 0.2, null]), runs)).toEqual([
    {
      name: 'gamma=0',
      points: [
        [1, 0.1],
        [2, 0.2],
      ],
    },
  ])
})

it('draws a search by candidate with the best so far, over gaps', () => {
  expect(searchCurves(table([0.2, null, 0.1, 0.3]))).toEqual([
    {
      name: 'Candidate',
      points: [
        [1, 0.2],
        [3, 0.1],
        [4, 0.3],
      ],
    },
    {
      name: 'Best so far',
      points: [
        [1, 0.2],
        [3, 0.2],
        [4, 0.3],
      ],
    },
  ])
})
