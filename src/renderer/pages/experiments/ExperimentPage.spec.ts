import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Router } from 'vue-router'
import { StudioError } from '../../../shared/errors'
import { experimentDetail } from '../../../shared/experiments'
import { appPlugins } from '../../mounting.fixture'
import { connection, connections } from '../../rpc'
import ExperimentPage from './ExperimentPage.vue'

const { get, watch } = vi.hoisted(() => ({
  get: vi.fn<(request: unknown) => Promise<unknown>>(),
  watch: vi.fn<(request: unknown) => Promise<AsyncIterable<unknown>>>(),
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const never = (): Promise<never> => new Promise(() => undefined)
  const client = {
    datasets: { list: () => Promise.resolve([]) },
    runs: { list: () => Promise.resolve([]), models: () => Promise.resolve([]), get: never },
    experiments: { list: () => Promise.resolve([]), tables: () => Promise.resolve([]), get, watch },
    jobs: { list: () => Promise.resolve([]), watch: never },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

const detail = experimentDetail.parse({
  id: 2,
  name: 'Losses',
  kind: 'table-1',
  datasets: [{ id: 1, name: 'films' }],
  state: 'running',
  total: 3,
  finished: 1,
  reused: 0,
  failed: 0,
  job: null,
  secondsLeft: 60,
  createdAt: '2026-11-24T00:00:00Z',
  recipe: {
    kind: 'table-1',
    systems: [
      {
        key: 'ash',
        row: 'ash',
        label: 'Ash',
        note: null,
        model: 'ash',
        preset: null,
        overrides: {},
        members: null,
      },
    ],
    reuse: true,
    datasets: [1],
    preparations: [{ threshold: 4, minInteractions: 5 }],
    splits: [{ seed: 1, test: 60, validation: 60, foldIn: 0.8 }],
    seeds: [1],
  },
  runs: [],
})

/** A stream of the engine, as far as the test sends or breaks it. */
interface Opened {
  send(): void
  breakOff(error: Error): void
}
let opened: Opened[]
let view: VueWrapper

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
beforeEach(async () => {
  opened = []
  get.mockReset().mockResolvedValue(detail)
  watch.mockReset().mockImplementation(() => {
    let controller: ReadableStreamDefaultController<unknown>
    const events = new ReadableStream<unknown>({ start: (own) => void (controller = own) })
    opened.push({ send: () => controller.enqueue({}), breakOff: (error) => controller.error(error) })
    return Promise.resolve(events)
  })
  const plugins = appPlugins()
  const router = plugins[1] as Router
  router.addRoute({ path: '/experiments/:experiment', component: {} })
  await router.push('/experiments/2')
  view = mount(ExperimentPage, { attachTo: document.body, global: { plugins } })
  await flushPromises()
})
afterEach(() => {
  view.unmount()
  connection.value = 'open'
})

it('reads the experiment again at each event of its stream', async () => {
  const before = get.mock.calls.length
  opened.at(-1)?.send()
  await vi.waitFor(() => expect(get.mock.calls.length).toBe(before + 1))
})

it('says that its stream has broken, and follows it again when asked', async () => {
  opened.at(-1)?.breakOff(new StudioError({ code: 'INTERNAL', message: 'The stream has broken.', next: 'Try again.' }))
  await vi.waitFor(() => expect(view.text()).toContain('The stream has broken.'))
  const retry = view.findAll('button').find((button) => button.text() === 'Try again')
  await retry?.trigger('click')
  await vi.waitFor(() => expect(opened).toHaveLength(2))
  await flushPromises()
  expect(view.text()).not.toContain('The stream has broken.')
})

it('follows its stream again after the connection was lost, which is no failure of the page', async () => {
  connection.value = 'lost'
  opened.at(-1)?.breakOff(new Error('closed'))
  await flushPromises()
  expect(view.text()).not.toContain('closed')
  connection.value = 'open'
  connections.value += 1
  await vi.waitFor(() => expect(opened).toHaveLength(2))
})
