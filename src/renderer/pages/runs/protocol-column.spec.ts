import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { run, type Run } from '../../../shared/runs'
import { appPlugins } from '../../mounting.fixture'
import { trainedRun } from './forms.fixture'
import { protocolColumn, protocolsOf } from './protocol-column'
import { useRuns } from './runs.store'

const { list } = vi.hoisted(() => ({ list: vi.fn<() => Promise<unknown>>() }))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const client = {
    runs: { list, models: () => Promise.resolve([]) },
    jobs: { list: () => Promise.resolve([]) },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

const { preparation } = trainedRun
const of = (id: number, dataset: number, threshold: number | null): Run =>
  run.parse({ ...trainedRun, id, dataset, datasetName: `data ${dataset}`, preparation: { ...preparation, threshold } })
const runs = [of(1, 1, 4), of(2, 1, null), of(3, 2, 4), of(4, 2, 4)]

beforeEach(async () => {
  list.mockResolvedValue(runs)
  appPlugins()
  useRuns()
  await flushPromises()
})

it('marks the protocols of the listed runs if these differ, independently of other runs', () => {
  expect(protocolColumn(runs).map(({ key }) => key)).toEqual(['protocol'])
  expect(protocolColumn(runs.slice(2))).toEqual([])
})

it('describes the differences of the listed ones, with the marks of all pages', () => {
  const texts = (listed: readonly Run[]) => protocolsOf(listed).map(({ mark, text }) => [mark, text])
  expect(texts(runs.slice(0, 2))).toEqual([
    ['A', 'Liked: ratings of 4 or higher.'],
    ['B', 'Liked: every interaction.'],
  ])
  expect(texts([runs[0]!, runs[2]!])).toEqual([
    ['A', 'Data: data 1, version 1.'],
    ['C', 'Data: data 2, version 1.'],
  ])
})
