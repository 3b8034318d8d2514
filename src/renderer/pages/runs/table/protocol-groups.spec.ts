import { expect, it } from 'vitest'
import { aRun } from '../../../../shared/run.fixture'
import { protocolGroups } from './protocol-groups'

it('puts runs below their protocol, in the order of the marks, each with its best run', () => {
  const runs = [
    aRun({ id: 1, ndcg: 0.9, dataset: 2 }),
    aRun({ id: 2, ndcg: 0.3 }),
    aRun({ id: 3, ndcg: 0.8, dataset: 2 }),
    aRun({ id: 4, ndcg: 0.4 }),
  ]
  const [a, b] = [
    { mark: 'A', text: 'Data: songs.' },
    { mark: 'B', text: 'Data: movies.' },
  ]
  const ofRun = new Map([
    [1, b],
    [2, a],
    [3, b],
    [4, a],
  ])
  const groups = protocolGroups(runs, [a, b], ofRun)
  expect(groups.map(({ key, rows, best }) => [key, rows.map(({ id }) => id), best?.id])).toEqual([
    ['A: Data: songs.', [2, 4], 4],
    ['B: Data: movies.', [1, 3], 1],
  ])
})
