import UApp from '@nuxt/ui/components/App.vue'
import USelectMenu from '@nuxt/ui/components/SelectMenu.vue'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { h, type Component } from 'vue'
import { runId } from '../../../shared/ids'
import type { Run } from '../../../shared/runs'
import { appPlugins } from '../../mounting.fixture'
import CombinedRuns from './CombinedRuns.vue'
import { dataset, trainedRun } from './forms.fixture'

const { listed } = vi.hoisted(() => ({ listed: [] as unknown[] }))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  return {
    client: { runs: { list: () => Promise.resolve(listed), models: () => Promise.resolve([]) } },
    connection: shallowRef('open'),
    connections: shallowRef(1),
  }
})

const run = (id: number, more: Partial<Run> = {}): Run => ({ ...trainedRun, id: runId.parse(id), ...more })

it('offers only runs that can be multiplied with the first, and says why not the others', async () => {
  const another = { ...trainedRun.preparation, minInteractions: 9 }
  listed.push(run(3), run(4), run(5, { preparation: another }), run(6, { status: { state: 'cancelled' } }))
  const view = mount(UApp, {
    slots: { default: () => h(CombinedRuns, { dataset: dataset.id, modelValue: [3], weights: 'equal' }) },
    attachTo: document.body,
    global: { plugins: appPlugins() },
  })
  await flushPromises()
  const { items } = view.getComponent(USelectMenu as Component).props() as {
    items: readonly { value: number; disabled: boolean; description: string }[]
  }
  expect(items.map(({ value, disabled }) => [value, disabled])).toEqual([
    [3, false],
    [4, false],
    [5, true],
  ])
  expect(items[2]?.description).toMatch(/^Measured otherwise than run 3: /)
  view.unmount()
})
