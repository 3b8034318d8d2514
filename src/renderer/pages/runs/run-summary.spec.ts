import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../shared/comparisons'
import type { RunDetail } from '../../../shared/runs'
import { heldAgainst, runSummary } from './run-summary'

const figure = (mean: number, users = 100) => ({ mean, se: 0.01, users })
const segment = (by: 'user-activity' | 'item-popularity', name: string, mean: number, users = 100) => ({
  ...{ by, name, low: 0, high: 1, members: users },
  metrics: { 'ndcg@100': figure(mean, users) },
})
const run = (id: number, mean: number, more: object = {}): RunDetail =>
  ({ id, name: `Yew ${id}`, test: { 'ndcg@100': figure(mean) }, segments: [], ...more }) as unknown as RunDetail
/** The comparison of a run with others: their differences from it, and p. */
const compared = (own: RunDetail, others: readonly [RunDetail, number, number | null][]): Comparison =>
  ({
    runs: [own, ...others.map(([one]) => one)],
    figures: [
      {
        metric: 'ndcg@100',
        cells: [
          { ...figure(0.3), difference: null, p: null },
          ...others.map(([, mean, p]) => ({ ...figure(0.3), difference: { mean, low: null, high: null }, p })),
        ],
      },
    ],
  }) as unknown as Comparison

describe('a run in words', () => {
  it('is held against the best and the worst of the others, once if they are one', () => {
    const [own, best, middle, worst] = [run(1, 0.3), run(2, 0.4), run(3, 0.35), run(4, 0.2)]
    expect(heldAgainst(own, [best, middle, own, worst]).map(({ id }) => id)).toEqual([2, 4])
    expect(heldAgainst(own, [own, worst]).map(({ id }) => id)).toEqual([4])
    expect(heldAgainst(own, [own])).toEqual([])
  })

  it('says against what and how sure, with the difference from its own side', () => {
    const own = run(1, 0.3)
    const sentences = runSummary(
      own,
      compared(own, [
        [run(2, 0.31), 0.01, 0.4],
        [run(4, 0.2), -0.1, 0.0001],
        [run(5, 0.5), 0.2, 0.01],
      ]),
    )
    expect(sentences[0]).toContain('0.300 ± 0.010 (NDCG@100, mean of 100 test users)')
    expect(sentences[1]).toBe(
      'It can hardly be told from Yew 2 (run 2): the difference of −0.010 (p = 0.400) may be chance.',
    )
    expect(sentences[2]).toBe('It is clearly better than Yew 4 (run 4), by 0.100 (p < 0.001).')
    expect(sentences[3]).toBe('It is clearly worse than Yew 5 (run 5), by 0.200 (p = 0.010).')
  })

  it('names the segments that it serves best and worst, but not those of few users', () => {
    const segments = [
      segment('user-activity', 'light', 0.2),
      segment('user-activity', 'heavy', 0.4),
      segment('user-activity', 'medium', 0.9, 12),
      segment('item-popularity', 'head', 0.5),
      segment('item-popularity', 'tail', 0.1),
    ]
    expect(runSummary(run(1, 0.3, { segments }), null).at(-1)).toBe(
      'It serves heavy users (0.400) better than light ones (0.200) and head items (0.500) better than tail ones (0.100).',
    )
  })

  it('says no more of a run that few users measured, and nothing of one that none did', () => {
    const few = run(1, 0.3, { test: { 'ndcg@100': figure(0.3, 12) } })
    expect(runSummary(few, compared(few, [[run(2, 0.1), -0.2, 0.001]]))).toEqual([
      expect.stringContaining('12 test users'),
      expect.stringContaining('fewer than 30 users'),
    ])
    expect(runSummary(run(1, 0.3, { test: null }), null)).toEqual([])
  })
})
