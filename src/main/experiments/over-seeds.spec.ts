import { describe, expect, it } from 'vitest'
import { noLabel } from '../../shared/run-labels'
import { defaultPreparation, defaultSplit, run as runShape, type Run } from '../../shared/runs'
import { overSeeds } from './over-seeds'

const measured = (id: number, seed: number, mean: number, more: object = {}): Run => {
  const figure = { mean, se: 0.01, users: 60 }
  return runShape.parse({
    ...noLabel,
    ...{ id, seed, name: 'yew', dataset: 1, datasetName: 'films', valueKind: 'rating', model: 'yew', preset: null },
    ...{ preparation: defaultPreparation, split: defaultSplit, config: { width: 3 }, status: { state: 'finished' } },
    ...{ job: null, bestEpoch: 1, validation: null, seconds: 1, usable: true, diskBytes: 0 },
    ...{ createdAt: '2026-11-30T00:00:00Z', test: { 'ndcg@100': figure, 'recall@20': figure, 'recall@50': figure } },
    ...more,
  })
}

describe('the error over seeds', () => {
  it('is that of the mean of runs that differ in nothing else', () => {
    const [group, ...others] = overSeeds([
      measured(1, 1, 0.3),
      measured(2, 2, 0.4),
      measured(3, 1, 0.5, { config: { width: 4 } }),
    ])
    expect(others).toEqual([])
    expect(group?.runs).toEqual([1, 2])
    expect(group?.mean).toBeCloseTo(0.35)
    // |a − b| / 2 for two values.
    expect(group?.se).toBeCloseTo(0.05)
  })

  it('counts a seed once, however often it was repeated', () => {
    const repeated = overSeeds([measured(1, 1, 0.3), measured(2, 1, 0.3), measured(3, 2, 0.4)])
    expect(repeated).toMatchObject([{ runs: [1, 3] }])
    expect(repeated[0]?.se).toBeCloseTo(0.05)
    expect(overSeeds([measured(1, 1, 0.3), measured(2, 1, 0.3)])).toEqual([])
  })

  it('is not given where the seed changes nothing', () => {
    expect(overSeeds([measured(1, 1, 0.3), measured(2, 2, 0.3), measured(3, 3, 0.3)])).toEqual([])
  })
})
