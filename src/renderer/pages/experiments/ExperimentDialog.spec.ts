import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ExperimentRequest } from '../../../shared/experiments'
import { appPlugins } from '../../mounting.fixture'
import { dataset, model } from '../runs/forms.fixture'
import { useRuns } from '../runs/runs.store'
import ExperimentDialog from './ExperimentDialog.vue'

vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const client = {
    datasets: { list: () => Promise.resolve([dataset]) },
    runs: { list: () => Promise.resolve([]), models: () => Promise.resolve([model]) },
    preparations: { list: () => Promise.resolve([]) },
    jobs: { list: () => Promise.resolve([]) },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let view: VueWrapper
const start = vi.fn<(request: ExperimentRequest) => Promise<void>>()
beforeEach(async () => {
  start.mockReset().mockReturnValue(new Promise(() => undefined))
  const plugins = appPlugins()
  view = mount(ExperimentDialog, {
    attachTo: document.body,
    global: { plugins },
    props: { open: false, recipes: [{ kind: 'table-3', title: 'Table III', summary: '', systems: [] }], start },
  })
  await useRuns().loadModels()
  await flushPromises()
  await view.setProps({ open: true })
  await flushPromises()
})
afterEach(() => view.unmount())

const at = (id: string): HTMLInputElement => document.querySelector<HTMLInputElement>(`[data-testid=${id}]`)!
const said = (): string[] => [...document.querySelectorAll('[data-slot=error]')].map((one) => one.textContent.trim())
async function type(id: string, text: string): Promise<void> {
  at(id).value = text
  at(id).dispatchEvent(new Event('input', { bubbles: true }))
  await flushPromises()
}
async function send(): Promise<void> {
  at('experiment-seeds').form?.requestSubmit()
  await flushPromises()
}

it('starts the shown experiment', async () => {
  await type('experiment-seeds', '1, 2')
  await type('experiment-split-seeds', '7')
  await type('most-popular', '33%')
  await type('threshold', '3.5')
  await send()
  expect(start.mock.calls).toEqual([
    [
      expect.objectContaining({
        subject: { kind: 'table-3', presets: 'small' },
        datasets: [1],
        seeds: [1, 2],
        splits: [expect.objectContaining({ seed: 7, foldIn: 0.8 })],
        preparations: [expect.objectContaining({ threshold: 3.5, mostPopular: { share: 0.33, of: null } })],
      }),
    ],
  ])
})

it.each([
  ['experiment-seeds', '1; 2', 'Enter whole numbers, separated by commas, as 1, 2, 3.'],
  ['experiment-split-seeds', 'x', 'Enter whole numbers, separated by commas, as 1, 2, 3.'],
  ['threshold', 'four', 'Enter a number.'],
  ['fold-in', '1', 'Enter a number above 0 and below 1.'],
  ['test-users', '0', 'Enter a whole number, 1 or more.'],
  ['most-popular', '100%', 'Enter a number of items such as 500, or a share of the catalogue below 100 % such as 33%.'],
])('starts nothing with %s “%s”', async (id, text, sentence) => {
  await type(id, text)
  expect(said()).toEqual([sentence])
  await send()
  expect(start).not.toHaveBeenCalled()
  expect(document.activeElement).toBe(at(id))
})
