import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { noLabel } from '../../../shared/run-labels'
import { run } from '../../../shared/runs'
import { appPlugins } from '../../mounting.fixture'
import { dataset } from '../runs/forms.fixture'
import ExportDialog from './ExportDialog.vue'

const { create, list } = vi.hoisted(() => ({
  create: vi.fn<(request: unknown) => Promise<unknown>>(),
  list: vi.fn<() => Promise<unknown[]>>(),
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const never = (): Promise<never> => new Promise(() => undefined)
  const client = {
    datasets: { list: () => Promise.resolve([dataset]), users: never, checkUsers: never },
    runs: { list, models: () => Promise.resolve([]) },
    exports: { list: () => Promise.resolve([]), create },
    jobs: { list: () => Promise.resolve([]), watch: never },
    system: { readSettings: never, writeSettings: never },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

const trained = run.parse({
  ...noLabel,
  diskBytes: 0,
  config: {},
  id: 3,
  name: 'Yew Compact',
  dataset: 1,
  datasetName: 'films',
  valueKind: 'rating',
  preparation: { threshold: 4, minInteractions: 5 },
  split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
  model: 'yew',
  preset: 'compact',
  status: { state: 'finished' },
  job: null,
  seed: 1,
  bestEpoch: 1,
  validation: null,
  test: null,
  seconds: 1,
  usable: true,
  createdAt: '2026-11-24T00:00:00Z',
})

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let view: VueWrapper
async function show(runs = [trained]): Promise<void> {
  list.mockResolvedValue(runs)
  view = mount(ExportDialog, {
    attachTo: document.body,
    global: { plugins: appPlugins() },
    props: { open: true, askedRun: null },
  })
  await flushPromises()
}
beforeEach(() => {
  create.mockReset().mockReturnValue(new Promise(() => undefined))
})
afterEach(() => view.unmount())

const at = (id: string): HTMLElement => document.querySelector<HTMLElement>(`[data-testid=${id}]`)!
const said = (): string[] => [...document.querySelectorAll('[data-slot=error]')].map((one) => one.textContent.trim())
/** The messages before the form was sent. */
let typed: string[]
async function send(items?: string): Promise<void> {
  const k = at('export-k') as HTMLInputElement
  if (items !== undefined) {
    k.value = items
    k.dispatchEvent(new Event('input', { bubbles: true }))
    await flushPromises()
    typed = said()
  }
  k.form?.requestSubmit(at('start-export'))
  await flushPromises()
}

it('requests the shown settings', async () => {
  await show()
  await send('20')
  expect(create.mock.calls).toEqual([
    [{ run: 3, users: 'all', k: 20, unknownUsers: 'popularity', skipUnknown: false, format: 'csv', bom: true }],
  ])
})

it.each(['0', '1001', '2.5', 'many', ''])('asks for nothing with “%s” items per user', async (items) => {
  await show()
  await send(items)
  expect(create).not.toHaveBeenCalled()
  expect(typed).toEqual(['Enter a whole number from 1 to 1,000.'])
  expect(said()).toEqual(typed)
  expect(document.activeElement).toBe(at('export-k'))
})

it('needs a run', async () => {
  await show([])
  await send()
  expect(create).not.toHaveBeenCalled()
  expect(said()).toEqual(['Choose a run.'])
})
