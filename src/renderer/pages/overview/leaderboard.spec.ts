import { describe, expect, it } from 'vitest'
import { run as runShape, type Run } from '../../../shared/runs'
import { targetMetricNames } from '../../../shared/metrics'
import { trainedRun } from '../runs/forms.fixture'
import { bestOverTime, leaderboards, nextSteps } from './leaderboard'

const measured = (id: number, ndcg: number, more: Partial<Run> = {}): Run => {
  const figure = { mean: ndcg, se: 0.01, users: 60 }
  const test = Object.fromEntries(targetMetricNames.map((name) => [name, figure]))
  const { splitSummary: _, ...plain } = trainedRun
  return runShape.parse({ ...plain, id, test, createdAt: `2026-11-${10 + id}T00:00:00Z`, ...more })
}
const other = { split: { ...trainedRun.split, seed: 99 } }

describe('leaderboards', () => {
  it('rank only runs of one protocol together, the protocol with most runs first', () => {
    const boards = leaderboards([
      measured(1, 0.5, other),
      measured(2, 0.3),
      measured(3, 0.4),
      measured(4, 0.9, { test: null }),
    ])
    expect(boards.map(({ runs }) => runs.map(({ id }) => id))).toEqual([[3, 2], [1]])
  })

  it('leave out archived runs', () => {
    expect(leaderboards([measured(1, 0.5, { archived: true })])).toEqual([])
  })

  it('tell the best result up to each run', () => {
    const [board] = leaderboards([measured(3, 0.2), measured(1, 0.3), measured(2, 0.4)])
    expect(bestOverTime(board!).map(({ run, best }) => [run.id, best])).toEqual([
      [1, 0.3],
      [2, 0.4],
      [3, 0.4],
    ])
  })
})

describe('what to try next', () => {
  const advice = {
    dataset: trainedRun.dataset,
    outlook: '',
    proposals: [
      { role: 'floor' as const, model: 'yew', preset: 'compact', reason: 'The floor.' },
      { role: 'best' as const, model: 'oak', preset: 'wide', reason: 'The best.' },
    ],
  }
  const steps = (runs: readonly Run[]) => {
    const [board] = leaderboards(runs)
    return nextSteps(
      1,
      board ?? null,
      runs,
      advice,
      ({ model, preset }) => `${model} ${preset}`,
      ({ id }) => id !== 7,
    )
  }

  it('is what was proposed and is not trained', () => {
    expect(steps([measured(1, 0.3)]).map(({ text, to }) => [text, to])).toEqual([
      ['oak wide: The best.', '/runs/new?dataset=1&model=oak&preset=wide'],
    ])
  })

  it('is a comparison where the best two settings are within their errors', () => {
    const wider = { config: { width: 9 } }
    expect(steps([measured(1, 0.3), measured(2, 0.305, wider)]).at(-1)?.to).toBe('/runs/compare?runs=2,1')
    expect(steps([measured(1, 0.3), measured(2, 0.4, wider)]).at(-1)?.to).not.toContain('compare')
    // The same setting with another seed is no alternative to the best.
    expect(steps([measured(1, 0.3), measured(2, 0.305)]).at(-1)?.to).not.toContain('compare')
    expect(steps([measured(1, 0.3), measured(2, 0.305), measured(3, 0.295, wider)]).at(-1)?.to).toBe(
      '/runs/compare?runs=2,3',
    )
  })

  it('is further seeds only where the seed changes the result', () => {
    const wider = { config: { width: 9 } }
    expect(steps([measured(1, 0.3), measured(2, 0.305, wider)]).at(-1)?.text).toContain('train further seeds')
    expect(steps([measured(1, 0.3), measured(7, 0.305, wider)]).at(-1)?.text).not.toContain('seeds')
  })
})
