import { expect, test } from 'vitest'
import { fieldNamed, fieldsOf } from './run-fields'
import { groupRuns } from './run-groups'
import { aRun } from './run.fixture'

const by = (key: string, runs: Parameters<typeof fieldsOf>[0]) => groupRuns(runs, fieldNamed(fieldsOf(runs), key))

test('groups keep the order of their first runs and have subtotals', () => {
  const runs = [
    aRun({ id: 1, model: 'yew', ndcg: 0.4, seconds: 10, diskBytes: 100 }),
    aRun({ id: 2, model: 'oak', ndcg: 0.5, seconds: 20, diskBytes: 10 }),
    aRun({ id: 3, model: 'yew', ndcg: 0.45, seconds: 30, diskBytes: 1 }),
  ]
  expect(
    by('model', runs).map((group) => [
      group.name,
      group.runs.map(({ id }) => id),
      group.best?.id,
      group.seconds,
      group.diskBytes,
    ]),
  ).toEqual([
    ['yew', [1, 3], 3, 40, 101],
    ['oak', [2], 2, 20, 10],
  ])
})

test('a run with several tags is in the group of each, one without any in a group of its own', () => {
  const runs = [aRun({ id: 1, tags: ['a', 'b'] }), aRun({ id: 2, tags: ['b'] }), aRun({ id: 3 })]
  expect(by('tag', runs).map((group) => [group.name, group.runs.map(({ id }) => id)])).toEqual([
    ['a', [1]],
    ['b', [1, 2]],
    [null, [3]],
  ])
})

test('a group of several protocols has no best run', () => {
  const runs = [aRun({ id: 1, ndcg: 0.4 }), aRun({ id: 2, ndcg: 0.6, split: { foldIn: 0.5 } })]
  const [group] = by('model', runs)
  expect([group?.best, group?.mixed]).toEqual([null, true])
  const [alone] = by('model', runs.slice(0, 1))
  expect([alone?.best?.id, alone?.mixed]).toEqual([1, false])
})
