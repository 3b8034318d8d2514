import { expect, it } from 'vitest'
import { CatalogueCounts } from './catalogue-counts'
import { coverage } from './metrics/coverage'
import { gini } from './metrics/gini'

it('counts for each metric up to its depth', () => {
  const counts = new CatalogueCounts(4, 2, { 'coverage@20': coverage(1), 'gini@20': gini(2) })
  counts.add(Int32Array.of(0, 1, 2, 3))
  counts.add(Int32Array.of(0, 2, 1, 3))
  const { 'coverage@20': covered, 'gini@20': unequal } = counts.figures()
  expect(covered?.mean).toBe(1 / 4)
  // Two places of two lists: item 0 twice, 1 and 2 once, 3 never.
  expect(unequal?.mean).toBe(gini(2).of([2, 1, 1, 0]))
})
