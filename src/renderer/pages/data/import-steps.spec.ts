import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Plugin } from 'vue'
import type { FoundFile } from '../../../shared/found-files'
import type { Choice } from '../../../shared/reading'
import { appPlugins } from '../../mounting.fixture'
import { receiver } from '../../drop/receivers'
import ImportPage from './ImportPage.vue'
import ImportReview from './ImportReview.vue'
import { useImport } from './import.store'
import { offeredTables } from '../../drop/offered-files'
import { previewOfThree as preview } from './preview.fixture'

const client = vi.hoisted(() => ({
  datasets: {
    sortFiles: ({ files }: { files: { path: string; bytes: number }[] }): Promise<FoundFile[]> =>
      Promise.resolve(
        files.map(({ path, bytes }) => ({
          path,
          bytes,
          role: 'ratings',
          certainty: 'likely',
          reason: 'By its columns.',
        })),
      ),
    forecast: () => new Promise(() => undefined),
    list: () => Promise.resolve([]),
  },
  templates: { list: () => Promise.resolve([]) },
  jobs: { list: () => Promise.resolve([]) },
  system: {
    readSettings: () => new Promise(() => undefined),
    writeSettings: () => new Promise(() => undefined),
    discardUpload: () => Promise.resolve({}),
  },
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})
vi.setConfig({ testTimeout: 60_000 })

let view: VueWrapper
let plugins: Plugin[]
const page = async (): Promise<void> => {
  const AppPage = { template: '<div><slot name="actions" /><slot /></div>' }
  view = mount(ImportPage, { attachTo: document.body, global: { plugins, stubs: { AppPage, ImportInto: true } } })
  await flushPromises()
}
const paths = (): string[] => useImport().files.map(({ found }) => found.path)
const file = (name: string): File => new File(['user,item\n'], name)
beforeEach(() => {
  plugins = appPlugins()
})
afterEach(() => view.unmount())

const days: Choice = {
  about: 'dates',
  file: null,
  column: 'when',
  value: 'day first',
  certainty: 'guess',
  evidence: 'No day is above 12.',
  affectsData: true,
  control: 'Dates',
  option: '--dates month-first',
}

it('files that are dropped on another page begin an import of their own beside one that was left, whose files join it when asked', async () => {
  await page()
  receiver.value?.take([file('old.csv'), file('older.csv')])
  await flushPromises()
  const flow = useImport()
  flow.preview = preview
  flow.step = 'map'
  view.unmount()
  offeredTables.offer([file('new.csv')])
  await page()
  expect([flow.step, paths(), flow.preview]).toEqual(['choose', ['new.csv'], null])
  expect(view.get('[data-testid=set-aside]').text()).toContain(
    'An earlier one, of “old.csv” and 1 other file, was not finished.',
  )
  await view.get('[data-testid=add-set-aside]').trigger('click')
  await flushPromises()
  expect(paths()).toEqual(['new.csv', 'old.csv', 'older.csv'])
  expect(view.find('[data-testid=set-aside]').exists()).toBe(false)
})

it('files dropped on the import page are added, and the same file dropped elsewhere restarts the import without a question', async () => {
  await page()
  receiver.value?.take([file('ratings.csv')])
  await flushPromises()
  receiver.value?.take([file('items.csv')])
  await flushPromises()
  expect(paths()).toEqual(['items.csv', 'ratings.csv'])
  await useImport().remove(useImport().files[0]!.file)
  view.unmount()
  offeredTables.offer([file('ratings.csv')])
  await page()
  expect(paths()).toEqual(['ratings.csv'])
  expect(view.find('[data-testid=set-aside]').exists()).toBe(false)
})

it('the last step repeats guesses that change the data, and leads back to their controls', async () => {
  await page()
  const flow = useImport()
  const likely: Choice = { ...days, value: 'UTC', certainty: 'likely' }
  flow.preview = { ...preview, choices: [days, likely], warnings: ['12 ids look ruined.'] }
  flow.mapping.user = 'who'
  flow.mapping.item = 'what'
  flow.step = 'review'
  await flushPromises()
  const told = view.get('[data-testid=review-guesses]')
  expect(told.text()).toContain('1 guess')
  expect(told.text()).toContain('day first')
  expect(told.text()).toContain('No day is above 12.')
  expect(told.text()).toContain('12 ids look ruined.')
  expect(told.text()).not.toContain('UTC')
  await told.get('[aria-label^="Go to Dates"]').trigger('click')
  await flushPromises()
  expect(flow.step).toBe('map')
  expect(document.activeElement?.closest('[data-control]')?.getAttribute('data-control')).toBe('Dates')
})

it('the last step mentions no guesses if there are none', () => {
  useImport().preview = { ...preview, choices: [{ ...days, certainty: 'certain' }] }
  Object.assign(useImport().mapping, { user: 'who', item: 'what' })
  view = mount(ImportReview, { global: { plugins } })
  expect(view.find('[data-testid=review-guesses]').exists()).toBe(false)
})
