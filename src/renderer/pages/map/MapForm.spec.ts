import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defaultMapSettings, type MapSettings } from '../../../shared/maps'
import { appPlugins } from '../../mounting.fixture'
import MapForm from './MapForm.vue'

vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  return { client: {}, connections: shallowRef(1) }
})

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let view: VueWrapper
const start = vi.fn<(settings: MapSettings) => Promise<void>>()
afterEach(() => view.unmount())

const said = (): string[] => view.findAll('[data-slot=error]').map((error) => error.text())
/** Types into fields of the form, and sends it. */
async function send(typed: Partial<Record<keyof MapSettings, string>>): Promise<void> {
  start.mockReset().mockResolvedValue()
  view = mount(MapForm, { attachTo: document.body, global: { plugins: appPlugins() }, props: { start } })
  for (const [key, text] of Object.entries(typed)) await view.get(`[data-testid=map-${key}]`).setValue(text)
  await view.get('form').trigger('submit')
  await flushPromises()
}

it('makes the map of the settings that it shows', async () => {
  await send({})
  expect(start.mock.calls).toEqual([[defaultMapSettings]])
})

it('sends numbers as they are typed; no number of items is all', async () => {
  await send({ items: '', perplexity: '12.5', iterations: '2e3', seed: '0' })
  expect(start.mock.calls).toEqual([
    [{ ...defaultMapSettings, items: null, perplexity: 12.5, iterations: 2000, seed: 0 }],
  ])
})

it.each([
  [{ items: '3' }, 'Enter a whole number from 10 to 10,000.'],
  [{ perplexity: 'x' }, 'Enter a number from 2 to 1,000.'],
  [{ iterations: '' }, 'Enter a whole number from 50 to 20,000.'],
  [{ seed: '1.5' }, 'Enter a whole number, 0 or more.'],
  [{ items: '31', perplexity: '30' }, 'Enter a number below 30: 31 items have 30 neighbours each. Or map more items.'],
])('makes no map of %o', async (typed, sentence) => {
  await send(typed)
  expect(start).not.toHaveBeenCalled()
  expect(said()).toEqual([sentence])
  expect(document.activeElement?.getAttribute('data-testid')).toBe(`map-${Object.keys(typed).at(-1) ?? ''}`)
})

it('adapts the text about the perplexity to the number of items', async () => {
  await send({ items: '31' })
  expect(said()).toHaveLength(1)
  await view.get('[data-testid=map-items]').setValue('32')
  await flushPromises()
  expect(said()).toEqual([])
})
