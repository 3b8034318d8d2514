import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { datasetId } from '../../../shared/ids'
import { appPlugins } from '../../mounting.fixture'
import ItemDetailsDialog from './ItemDetailsDialog.vue'

vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const client = { datasets: { previewDetails: vi.fn() }, system: {} }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})
vi.setConfig({ testTimeout: 60_000 })

it('complains of nothing before a file is chosen', async () => {
  const view = mount(ItemDetailsDialog, {
    attachTo: document.body,
    global: { plugins: appPlugins() },
    props: { dataset: datasetId.parse(4), open: false },
  })
  await view.setProps({ open: true })
  await flushPromises()
  // Every rendering may give the form a new state.
  await view.setProps({ dataset: datasetId.parse(5) })
  await flushPromises()
  expect(document.body.textContent).toContain('Add item details')
  expect(document.querySelector('[data-testid="form-problems"]')?.textContent ?? '').toBe('')
  expect(document.body.textContent).not.toMatch(/Choose a data set|Invalid input/)
  view.unmount()
})
