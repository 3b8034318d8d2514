import { expect, test } from 'vitest'
import { runId } from '../../../shared/ids'
import type { RunDetail } from '../../../shared/runs'
import { groupCurve, seedGroups } from './seed-groups'

const error = { se: 0.01, users: 100 }
/** A run with these validation figures, epoch by epoch. */
const trained = (id: number, values: readonly number[]): RunDetail =>
  ({
    id: runId.parse(id),
    name: `run of seed ${id}`,
    epochs: values.map((mean, at) => ({ epoch: at + 1, validation: { 'ndcg@100': { mean, ...error } } })),
  }) as unknown as RunDetail
const seeds = [{ runs: [runId.parse(1), runId.parse(3)], mean: 0.3, se: 0.1 }]
const runs = [trained(1, [0.1, 0.2, 0.4]), trained(2, [0.5]), trained(3, [0.3, 0.4])]

test('runs that differ in their seed alone are one group, all others groups of their own', () => {
  expect(seedGroups(runs, seeds).map((group) => group.runs.map(({ id }) => id))).toEqual([[1, 3], [2]])
  expect(seedGroups(runs, []).map((group) => group.runs.map(({ id }) => id))).toEqual([[1], [2], [3]])
})

test('the curve of a group has the epochs of all of its runs, their mean and its standard error', () => {
  const [pair, single] = seedGroups(runs, seeds).map((group) => groupCurve(group, 'ndcg@100'))
  expect(pair?.points.map(([epoch]) => epoch)).toEqual([1, 2])
  expect(pair?.points.map(([, mean]) => mean)).toEqual([expect.closeTo(0.2), expect.closeTo(0.3)])
  // |a − b| / 2 is the standard error of the mean of two.
  expect(pair?.errors).toEqual([expect.closeTo(0.1), expect.closeTo(0.1)])
  expect(single).toEqual({ name: 'run of seed 2 (run 2)', points: [[1, 0.5]] })
})
