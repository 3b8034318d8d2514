import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ImportForecast } from '../../../shared/import-forecast'
import { appPlugins } from '../../mounting.fixture'
import { draftOf } from './mapping-checks'
import { previewOfThree } from './preview.fixture'
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
const repeating: ImportForecast = {
  rows: 6,
  whole: true,
  users: 3,
  items: 2,
  interactions: 4,
  duplicates: 2,
  rejected: [],
  leftOut: [],
  values: null,
  expected: { rows: 6, interactions: 4, bytes: 100, seconds: 1 },
}
vi.mock('./import-forecast', async () => {
  const { ref } = await import('vue')
  const done = (): Promise<void> => Promise.resolve()
  return {
    useForecast: () => ({ forecast: ref(repeating), failure: ref(null), looking: ref(false), ask: done, stop: done }),
  }
})

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let view: VueWrapper
let flow: ReturnType<typeof useImport>
beforeEach(() => {
  const plugins = appPlugins()
  flow = useImport()
  flow.step = 'review'
  flow.preview = previewOfThree
  Object.assign(flow.mapping, draftOf({ ...previewOfThree.mapping, count: 'plays' }))
  view = mount(ImportReview, { attachTo: document.body, global: { plugins } })
})
afterEach(() => view.unmount())

const guesses = (): string =>
  view.find('[data-testid=review-guesses]').exists() ? view.get('[data-testid=review-guesses]').text() : ''

it('shows repeated counts as a guess, which leads to its control on the same page, until somebody chooses', async () => {
  await flushPromises()
  expect(guesses()).toContain('repeated counts are added up')
  expect(guesses()).toContain('2 rows repeat a user and an item.')
  Element.prototype.scrollIntoView = () => undefined
  Element.prototype.animate = vi.fn<typeof Element.prototype.animate>()
  // The name of the data set takes the focus at first.
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('data-testid')).toBe('dataset-name'))
  const control = view.get('[data-control="Same user and item again"] button')
  await view.get('[data-testid=review-guesses] li button').trigger('click')
  await flushPromises()
  expect([flow.step, document.activeElement]).toEqual(['review', control.element])
  flow.duplicates = 'last'
  await flushPromises()
  expect(guesses()).toBe('')
})
