import { describe, expect, it } from 'vitest'
import type { EpochPoint } from '../../../shared/runs'
import { smoothed } from '../../charts/curve'
import { bestSoFar, epochTable, logLines, lossCurves, mergeEpochs, rateCurves, validationCurves } from './epochs'

const point = (epoch: number, ndcg: number, loss: Record<string, number> = { focal: 2, total: 3 }): EpochPoint => {
  const metric = { mean: ndcg, se: 0.01, users: 60 }
  return {
    epoch,
    label: 'lr 1e-3',
    loss,
    validation: { 'ndcg@100': metric, 'recall@20': metric, 'recall@50': metric },
    seconds: 1,
    rowsPerSecond: 100,
  }
}

describe('epochs', () => {
  it('shows every epoch once, the live one over the stored one', () => {
    const merged = mergeEpochs([point(1, 0.1), point(2, 0.2)], [point(3, 0.3), point(2, 0.25)])
    expect(merged.map(({ epoch, validation }) => [epoch, validation['ndcg@100'].mean])).toEqual([
      [1, 0.1],
      [2, 0.25],
      [3, 0.3],
    ])
  })

  it('says of each epoch in the log what was measured, and which was better than all before', () => {
    const lines = logLines([point(1, 0.1), point(2, 0.3), point(3, 0.2)])
    expect(lines.map((line) => line.includes('new best'))).toEqual([true, true, false])
    expect(lines[1]).toMatch(/^ {3}2 {2}lr 1e-3 {2}loss 3\.0000 {2}ndcg@100 0\.3000 .* 100 rows\/s/)
  })

  it('draws speed and learning rate of trainings in steps only', () => {
    expect(rateCurves([point(1, 0.1), { ...point(2, 0.1), label: 'lr 5e-4' }]).map(({ points }) => points)).toEqual([
      [
        [1, 100],
        [2, 100],
      ],
      [
        [1, 0.001],
        [2, 0.0005],
      ],
    ])
    expect(rateCurves([{ ...point(1, 0.1), label: 'λ = 10' }])).toEqual([])
  })

  it('smooths with weights that sum to 1 from the first point on', () => {
    const curve = { name: 'a', points: [1, 2, 3].map((x) => [x, 4] as const) }
    expect(smoothed(curve, 0.5).points.map(([, y]) => y)).toEqual([4, 4, 4])
    const step = {
      name: 'a',
      points: [
        [1, 0],
        [2, 1],
      ] as const,
    }
    // (1 + 0.5 · 0) / 1.5
    expect(smoothed(step, 0.5).points[1]?.[1]).toBeCloseTo(2 / 3, 12)
  })

  it('finds the first of the best epochs', () => {
    expect(bestSoFar([])).toBeNull()
    expect(bestSoFar([point(1, 0.1), point(2, 0.3), point(3, 0.3)])).toBe(2)
  })

  it('draws the total first and leaves out missing values of an epoch', () => {
    const curves = lossCurves([point(1, 0.1), point(2, 0.1, { total: 1 })])
    expect(curves.map(({ name, points }) => [name, points])).toEqual([
      [
        'total',
        [
          [1, 3],
          [2, 1],
        ],
      ],
      ['focal', [[1, 2]]],
    ])
    expect(validationCurves([point(1, 0.1)]).map(({ name }) => name)).toEqual(['ndcg@100', 'recall@20', 'recall@50'])
  })

  it('gives a table as wide as its header', () => {
    const { header, rows } = epochTable([point(1, 0.1), point(2, 0.2, {})])
    expect(rows.map((row) => row.length)).toEqual([header.length, header.length])
    expect(rows[1]?.[header.indexOf('loss total')]).toBeNull()
  })
})
