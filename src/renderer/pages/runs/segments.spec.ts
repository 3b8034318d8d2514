import { describe, expect, it } from 'vitest'
import { noLabel } from '../../../shared/run-labels'
import type { Segment } from '../../../shared/metrics'
import { runDetail, type RunDetail } from '../../../shared/runs'
import { fewInSegments, nicheSentence, segmentRows, segmentTitle } from './segments'

const metric = (mean: number, se = 0.01) => ({ mean, se, users: 60 })
const tail = (mean: number): Segment => ({
  by: 'item-popularity',
  name: 'tail',
  low: 1,
  high: 43,
  members: 3000,
  metrics: { 'ndcg@100': metric(mean) },
})
const run = (id: number, name: string, segments: Segment[]): RunDetail =>
  runDetail.parse({
    ...noLabel,
    diskBytes: 0,
    id,
    name,
    dataset: 1,
    datasetName: 'films',
    valueKind: 'rating',
    model: 'yew',
    preset: null,
    status: { state: 'finished' },
    job: null,
    seed: 1,
    bestEpoch: 1,
    validation: null,
    test: { 'ndcg@100': metric(0.4), 'recall@20': metric(0.1), 'recall@50': metric(0.2) },
    seconds: 1,
    usable: true,
    createdAt: '2026-11-24T00:00:00Z',
    config: {},
    preparation: { threshold: 4, minInteractions: 5 },
    split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
    splitSummary: null,
    environment: null,
    segments,
    epochs: [],
    rowsPerSecond: null,
    peakBytes: null,
    estimatedBytes: null,
    parameters: null,
    checkpointBytes: null,
  })

describe('results by segment', () => {
  it('describe a segment', () => {
    expect(segmentTitle(tail(0.1))).toBe('3,000 items with 1–43 training users')
    expect(segmentTitle({ ...tail(0.1), by: 'user-activity', low: 4, high: 4, members: 20 })).toBe(
      '20 users with 4 items shown',
    )
  })

  it('have one row per run, this run first, with gaps for missing values', () => {
    const [one, other, old] = [run(1, 'Yew', [tail(0.1)]), run(2, 'Ash', [tail(0.2)]), run(3, 'old', [])]
    expect(segmentRows(one, [other, one, old], 'ndcg@100').map((row) => [row.run.id, row.values[1]?.mean])).toEqual([
      [1, 0.1],
      [2, 0.2],
    ])
    expect(segmentRows(one, [one], 'mrr')[0]?.values).toEqual([null, null])
  })

  it('claim of niche items no more than the errors allow', () => {
    const one = run(1, 'Yew', [tail(0.1)])
    expect(nicheSentence(one, [one])).toBe('Targets among the tail items are found with NDCG@100 0.100 ± 0.010.')
    expect(nicheSentence(one, [one, run(2, 'Ash', [tail(0.12)])])).toContain(
      'Ash (run 2), the best other run: no clear',
    )
    expect(nicheSentence(one, [one, run(2, 'Ash', [tail(0.2)])])).toContain('clearly worse')
    expect(nicheSentence(one, [run(2, 'Pine', [tail(0)]), one])).toContain('clearly better')
    expect(nicheSentence(run(1, 'old', []), [])).toBeNull()
  })

  it('give no verdict without an error, and name the segments with few users', () => {
    const alone = { ...tail(0.9), metrics: { 'ndcg@100': { mean: 0.9, se: null, users: 1 } } }
    const one = run(1, 'Yew', [alone])
    expect(nicheSentence(one, [one, run(2, 'Ash', [tail(0.1)])])).toBe(
      'Targets among the tail items are found with NDCG@100 0.900 ± –, against 0.100 ± 0.010 of Ash (run 2), the best other run: measured on too few users to compare.',
    )
    expect(fewInSegments(one, 'ndcg@100')).toContain('tail (1 user)')
    expect(fewInSegments(run(3, 'Ash', [tail(0.1)]), 'ndcg@100')).toBeNull()
  })
})
