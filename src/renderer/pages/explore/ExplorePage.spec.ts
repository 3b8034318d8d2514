import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Router } from 'vue-router'
import { settings } from '../../../shared/system'
import { appPlugins } from '../../mounting.fixture'
import { useRuns } from '../runs/runs.store'
import ExplorePage from './ExplorePage.vue'
import { useExplore } from './explore.store'

/** One question for the first user of a data set; the test answers it. */
interface Asked {
  readonly dataset: number
  answer(ids: string[]): void
}
const asked = vi.hoisted(() => [] as Asked[])
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const never = (): Promise<never> => new Promise(() => undefined)
  const runs = [1, 2, 3].map((id) => ({ id, name: `run ${id}`, dataset: id === 3 ? 8 : 7, usable: true, test: null }))
  const client = {
    datasets: {
      users: ({ id }: { id: number }) =>
        new Promise((resolve) => {
          asked.push({ dataset: id, answer: (ids) => resolve(ids.map((user) => ({ id: user, interactions: 1 }))) })
        }),
    },
    explore: { recommend: never, explain: never },
    jobs: { list: () => Promise.resolve([]), watch: never },
    runs: { list: () => Promise.resolve(runs), models: () => Promise.resolve([]) },
    system: {
      readSettings: () => Promise.resolve(settings.parse({})),
      writeSettings: () => Promise.resolve(settings.parse({})),
    },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let view: VueWrapper
beforeEach(async () => {
  asked.length = 0
  const plugins = appPlugins()
  // The page keeps its address current.
  const router = plugins[1] as Router
  router.addRoute({ path: '/explore', name: 'explore', component: {} })
  await router.push('/explore')
  const AppPage = { template: '<div><slot /></div>' }
  view = mount(ExplorePage, {
    global: { plugins, stubs: { AppPage, SearchPicker: true, HistoryStrip: true, ExplanationPanel: true } },
  })
  await flushPromises()
})
afterEach(() => view.unmount())

const chosen = (): unknown[] => [useExplore().run, useExplore().user]
async function choose(run: number): Promise<void> {
  useExplore().run = useRuns().usable.find(({ id }) => id === run)!.id
  await flushPromises()
}

it('begins with the first user of the newest run’s data set, and with that of another data set once such a run is chosen', async () => {
  expect(asked.map(({ dataset }) => dataset)).toEqual([8])
  asked[0]!.answer(['ann'])
  await flushPromises()
  expect(chosen()).toEqual([3, 'ann'])
  await choose(2)
  expect(chosen()).toEqual([2, null])
  asked[1]!.answer(['bob'])
  await flushPromises()
  expect(chosen()).toEqual([2, 'bob'])
  await choose(1)
  expect([asked.map(({ dataset }) => dataset), chosen()]).toEqual([
    [8, 7],
    [1, 'bob'],
  ])
})

it('takes no user of a data set that is not shown any more, and nobody instead of a user that was chosen', async () => {
  await choose(2)
  asked[0]!.answer(['ann'])
  await flushPromises()
  expect(chosen()).toEqual([2, null])
  useExplore().user = 'carl'
  asked[1]!.answer(['bob'])
  await flushPromises()
  expect(chosen()).toEqual([2, 'carl'])
})
