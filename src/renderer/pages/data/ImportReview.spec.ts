import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { appPlugins } from '../../mounting.fixture'
import { useImportTemplates } from './import-templates.store'
import { useImport } from './import.store'
import ImportReview from './ImportReview.vue'

vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const never = (): Promise<never> => new Promise(() => undefined)
  const client = {
    datasets: { list: never, forecast: never },
    templates: { list: () => Promise.resolve([]) },
    jobs: { list: never },
    system: { readSettings: never, writeSettings: never },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let view: VueWrapper
const save = vi.fn<(name: string) => Promise<unknown>>()
beforeEach(async () => {
  const plugins = appPlugins()
  const flow = useImport()
  flow.name = 'films'
  const templates = useImportTemplates()
  save.mockReset().mockImplementation((name) => Promise.resolve({ name }))
  vi.spyOn(templates, 'save').mockImplementation(save as typeof templates.save)
  view = mount(ImportReview, { attachTo: document.body, global: { plugins } })
  await flushPromises()
})
afterEach(() => view.unmount())

const said = (): string[] => view.findAll('[data-slot=error]').map((error) => error.text())
async function send(id: string, text: string): Promise<void> {
  const input = view.get<HTMLInputElement>(`[data-testid=${id}]`)
  await input.setValue(text)
  input.element.form?.requestSubmit()
  await flushPromises()
}
const tooLong = 'x'.repeat(121)

it.each([
  ['dataset-name', ' ', 'Enter a name.'],
  ['dataset-name', tooLong, 'Enter a shorter name: it may have at most 120 characters.'],
  ['template-name', '', 'Enter a name.'],
  ['template-name', tooLong, 'Enter a shorter name: it may have at most 120 characters.'],
])('refuses in %s the name “%s”', async (id, text, sentence) => {
  await send(id, text)
  expect(said()).toEqual([sentence])
  expect(save).not.toHaveBeenCalled()
  expect(document.activeElement?.getAttribute('data-testid')).toBe(id)
})

it('keeps a template under the name without spaces around it, and is ready for another one', async () => {
  await send('template-name', ' monthly ')
  expect(save.mock.calls).toEqual([['monthly']])
  expect(view.text()).toContain('Saved as “monthly”.')
  expect(view.get<HTMLInputElement>('[data-testid=template-name]').element.value).toBe('')
  expect(said()).toEqual([])
})
