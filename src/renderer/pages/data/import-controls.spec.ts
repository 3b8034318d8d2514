import ui from '@nuxt/ui/vue-plugin'
import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilePreview, ImportPreview, PreviewRequest } from '../../../shared/datasets'
import { choiceControls, controlOptions } from '../../../shared/reading'
import ImportMapping from './ImportMapping.vue'
import { useImport } from './import.store'
import { controlsOf } from './reading-rows'

const client = vi.hoisted(() => ({
  datasets: {
    preview: vi.fn<(request: PreviewRequest) => Promise<ImportPreview>>(),
    forecast: vi.fn(() => new Promise(() => undefined)),
  },
  templates: { list: () => Promise.resolve([]) },
  jobs: { list: () => Promise.resolve([]) },
  system: { readSettings: () => new Promise(() => undefined), discardUpload: () => Promise.resolve({}) },
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

const text: FilePreview = {
  name: 'a.csv',
  bytes: 10,
  format: 'delimited text',
  parts: [],
  delimiter: ',',
  header: true,
  named: true,
  columns: ['who', 'what', 'when'].map((name) => ({ name, type: 'VARCHAR', samples: [] })),
  rows: [],
  text: { encoding: 'utf-8', delimiter: ',', quote: '"', header: true, skip: 0, preamble: [] },
}
const previewOf = (change: Partial<FilePreview>): ImportPreview => ({
  ratings: { ...text, ...change },
  items: null,
  mapping: { user: 'who', item: 'what', rating: null, time: null },
  itemMapping: null,
  choices: [],
  warnings: [],
  files: [
    { path: 'a.csv', bytes: 10, role: 'ratings', certainty: 'likely', reason: 'It has columns of users and items.' },
  ],
})
const workbook = { format: 'Excel workbook', parts: ['May', 'June'], text: null }
const database = { format: 'SQLite', parts: ['plays', 'songs'], text: null }

const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: {} }] })
// A whole wizard is mounted, which takes a busy machine more than the default.
vi.setConfig({ testTimeout: 60_000 })

let view: VueWrapper
const wizard = (preview: ImportPreview): VueWrapper => {
  view = mount(ImportMapping, { attachTo: document.body, global: { plugins: [ui, router] }, props: { preview } })
  return view
}
const named = (): string[] => view.findAll('[data-control]').map((place) => place.attributes('data-control') ?? '')
beforeEach(() => setActivePinia(createPinia()))
afterEach(() => view.unmount())

describe('the controls that choices name', () => {
  it.each([
    ['text', {}],
    ['workbook', workbook],
    ['database', database],
  ])('are those that the wizard shows for a %s, each under its name and to be focused', (_, change) => {
    const preview = previewOf(change)
    wizard(preview)
    expect(named().sort()).toEqual([...controlsOf(preview)].sort())
    for (const place of view.findAll('[data-control]')) {
      const control = place.attributes('data-control')
      expect([control, place.find('button, input').exists()]).toEqual([control, true])
      if (control !== 'Columns') expect(place.get('label, h2').text()).toMatch(new RegExp(`^${control ?? ''}\\*?$`))
    }
  })

  it('are each shown for some files, and told by an option that no other kind of control has', () => {
    const shown = [{}, workbook, database].flatMap((change) => [...controlsOf(previewOf(change))])
    expect(new Set(shown)).toEqual(new Set(choiceControls))
    const options = choiceControls
      .filter((control) => control !== 'Sheet')
      .flatMap((control) => controlOptions[control])
    expect(new Set(options).size).toBe(options.length)
  })
})

describe('a column that is chosen', () => {
  it('is sent with the next look, the others are told anew, and a column has one role', async () => {
    const flow = useImport()
    wizard(previewOf({}))
    const asked: unknown[] = []
    client.datasets.preview.mockImplementation((request) => {
      asked.push(request.columns)
      return Promise.resolve({ ...previewOf({}), mapping: { user: 'who', item: 'when', rating: null, time: null } })
    })
    flow.sent = { ratings: [], items: null }
    await flow.choose('user', 'who')
    expect(flow.mapping).toMatchObject({ user: 'who', item: 'when' })
    await flow.choose('time', null)
    await flow.choose('item', 'who')
    expect(asked).toEqual([{ user: 'who' }, { user: 'who', time: null }, { time: null, item: 'who' }])
  })

  it('waits while the files are read so that they lack it', async () => {
    const flow = useImport()
    wizard(previewOf({}))
    flow.sent = { ratings: [], items: null }
    const misread = previewOf({ columns: [{ name: 'who,what', type: 'VARCHAR', samples: [] }] })
    client.datasets.preview.mockImplementation((request) =>
      Promise.resolve(request.reading?.delimiter === '|' ? misread : previewOf({})),
    )
    await flow.choose('user', 'what')
    client.datasets.preview.mockClear()
    await flow.look({ reading: { delimiter: '|' } })
    await flow.look({ reading: {} })
    const asked = client.datasets.preview.mock.calls.map(([{ columns }]) => columns)
    expect(asked).toEqual([{ user: 'what' }, {}, {}, { user: 'what' }])
  })
})
