import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Plugin } from 'vue'
import type { FilePreview, ImportPreview, PreviewRequest } from '../../../shared/datasets'
import { choiceControls, choiceOfItems, controlOptions } from '../../../shared/reading'
import { appPlugins } from '../../mounting.fixture'
import ColumnSelect from './ColumnSelect.vue'
import ImportMapping from './ImportMapping.vue'
import { useImport } from './import.store'
import LayoutFields from './LayoutFields.vue'
import { pointTo } from './point-to'
import { textFile } from './preview.fixture'
import { controlOfReview, controlsOf } from './reading-rows'

const client = vi.hoisted(() => ({
  datasets: {
    preview: vi.fn<(request: PreviewRequest) => Promise<ImportPreview>>(),
    forecast: vi.fn(() => new Promise(() => undefined)),
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

const text = textFile('a.csv', ['who', 'what', 'when'])
const previewOf = (change: Partial<FilePreview>, items: FilePreview | null = null): ImportPreview => ({
  ratings: { ...text, ...change },
  items,
  mapping: { user: 'who', item: 'what', rating: null, time: null },
  itemMapping: null,
  choices: [],
  warnings: [],
  files: [
    { path: 'a.csv', bytes: 10, role: 'ratings', certainty: 'likely', reason: 'It has columns of users and items.' },
  ],
})
const workbook = { format: 'Excel workbook' as const, tables: ['May', 'June'], text: null }
const database = { format: 'SQLite database' as const, tables: ['plays', 'songs'], text: null }

const words = { columns: text.columns.map((column) => ({ ...column, samples: ['good'] })) }
const rated = { ratingValues: { good: 2, bad: 1 } }

const encoding = choiceOfItems({
  about: 'encoding',
  file: 'items.csv',
  column: null,
  value: 'Western (Windows-1252, Latin-1)',
  certainty: 'guess',
  evidence: 'Line 2 is not UTF-8.',
  affectsData: true,
  control: 'Encoding',
  option: '--encoding windows-1250',
})

// A whole wizard is mounted, which takes a busy machine more than the default.
vi.setConfig({ testTimeout: 60_000 })

let view: VueWrapper
let plugins: Plugin[]
const wizard = (preview: ImportPreview): VueWrapper => {
  view = mount(ImportMapping, { attachTo: document.body, global: { plugins }, props: { preview } })
  return view
}
const named = (): string[] => view.findAll('[data-control]').map((place) => place.attributes('data-control') ?? '')
beforeEach(() => {
  plugins = appPlugins()
})
afterEach(() => view.unmount())

describe('the controls that choices name', () => {
  it.each([
    ['text', {}, null],
    ['workbook', workbook, null],
    ['text with words for ratings', words, null],
    ['database', database, null],
    ['text with items as text', {}, text],
    ['workbook with items in a workbook', workbook, { ...text, ...workbook }],
    ['text with items in a database', {}, { ...text, ...database }],
  ])('are those that the wizard shows for a %s, each under its name and to be focused', (_, change, items) => {
    const preview = { ...previewOf(change, items), ...(change === words ? rated : {}) }
    wizard(preview)
    expect(named().sort()).toEqual([...controlsOf(preview)].sort())
    for (const place of view.findAll('[data-control]')) {
      const control = place.attributes('data-control')
      expect([control, place.find('button, input').exists()]).toEqual([control, true])
      if (control !== 'Columns') expect(place.get('label, h2').text()).toMatch(new RegExp(`^${control ?? ''}\\*?$`))
    }
  })

  it('are each shown for some files, and have an option of their own', () => {
    const shown = [{}, workbook, database].flatMap((change) => [
      ...controlsOf({ ...previewOf(change, { ...text, ...change }), ...rated }),
    ])
    expect(new Set([...shown, controlOfReview])).toEqual(new Set(choiceControls))
    const options = choiceControls
      .filter((control) => control !== 'Sheet' && control !== 'Items sheet')
      .flatMap((control) => controlOptions[control])
    expect(new Set(options).size).toBe(options.length)
  })
})

describe('the rows of the file', () => {
  it('stand before what is said of them, in a table of a height that leaves room for that', () => {
    wizard({ ...previewOf({ rows: [['ann', 'tea', '2024-01-02']] }), warnings: ['12 ids look ruined.'] })
    const rows = view.get('[aria-label="Preview of a.csv"]')
    const after = rows.element.compareDocumentPosition(view.get('[data-testid=reading]').element)
    expect(after & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy()
    expect(rows.text()).toContain('ann')
    expect(rows.attributes('style')).toContain('max-height: 11rem')
    expect(view.get('[data-testid=reading]').text()).toContain('12 ids look ruined.')
  })
})

describe('how the files are written', () => {
  it('is one line in a window without room for its fields, which a choice opens with its control', async () => {
    wizard({
      ...previewOf({}),
      choices: [{ ...encoding, file: null, control: 'Encoding', option: '--encoding windows-1250' }],
    })
    const layout = view.get<HTMLDetailsElement>('details[data-testid=layout]').element
    expect([layout.open, layout.querySelector('summary')?.textContent]).toEqual([
      false,
      expect.stringContaining('UTF-8 · comma · header · list'),
    ])
    await view.get('[aria-label="Go to Encoding, which changes Encoding"]').trigger('click')
    expect([layout.open, document.activeElement?.closest('[data-control]')?.getAttribute('data-control')]).toEqual([
      true,
      'Encoding',
    ])
  })
})

describe('what words are worth', () => {
  it('is asked of each word, and a word without a number is none', async () => {
    const flow = useImport()
    const ratings = { ...text, columns: [...text.columns] }
    const [who] = ratings.columns
    const statistics = {
      ...{ kind: 'text' as const, distinct: 2, empty: 0, numbers: 0, times: 0, min: 'bad', max: 'good' },
      values: [
        { value: 'good', rows: 7 },
        { value: 'odd', rows: 3 },
      ],
    }
    const preview: ImportPreview = {
      ...previewOf({ columns: [...ratings.columns, { ...who!, name: 'stars', statistics }] }),
      ...rated,
      mapping: { user: 'who', item: 'what', rating: 'stars', time: null },
    }
    client.datasets.preview.mockReset().mockResolvedValue(preview)
    flow.sent = { ratings: [], items: null, joined: [] }
    wizard(preview)
    const box = view.get('[data-testid=rating-values]')
    expect(box.findAll('li').map((line) => line.text())).toEqual(['good7', 'bad0', 'odd3'])
    const fields: VueWrapper[] = box.findAllComponents({ name: 'InputNumber' })
    fields[2]?.vm.$emit('update:modelValue', 1.5)
    await vi.waitFor(() => expect(client.datasets.preview).toHaveBeenCalledTimes(1))
    fields[0]?.vm.$emit('update:modelValue', null)
    await vi.waitFor(() => expect(client.datasets.preview).toHaveBeenCalledTimes(2))
    expect(client.datasets.preview.mock.calls.map(([{ reading }]) => reading?.ratingValues)).toEqual([
      { good: 2, bad: 1, odd: 1.5 },
      { bad: 1 },
    ])
  })
})

describe('users to leave out', () => {
  it('are those whose ids are typed, and none once all are taken away', async () => {
    const flow = useImport()
    client.datasets.preview.mockReset().mockResolvedValue(previewOf({}))
    flow.sent = { ratings: [], items: null, joined: [] }
    wizard(previewOf({}))
    const [field]: VueWrapper[] = view.findAllComponents({ name: 'InputTags' })
    field?.vm.$emit('update:modelValue', ['anonymous', 'unknown'])
    await vi.waitFor(() => expect(client.datasets.preview).toHaveBeenCalledTimes(1))
    expect(flow.reading).toEqual({ dropUsers: ['anonymous', 'unknown'] })
    field?.vm.$emit('update:modelValue', [])
    await vi.waitFor(() => expect(client.datasets.preview).toHaveBeenCalledTimes(2))
    expect(flow.reading).toEqual({})
  })
})

describe('what is typed of a matrix', () => {
  it('are columns to leave out and to take in, and what is not rated, which may be nothing', async () => {
    const flow = useImport()
    client.datasets.preview.mockReset().mockResolvedValue(previewOf({}))
    flow.sent = { ratings: [], items: null, joined: [] }
    wizard(previewOf({}))
    const type = async (at: number, list: readonly string[]): Promise<void> => {
      const before = client.datasets.preview.mock.calls.length
      const fields: VueWrapper[] = view.findAllComponents({ name: 'InputTags' })
      fields[at]?.vm.$emit('update:modelValue', list)
      await vi.waitFor(() => expect(client.datasets.preview).toHaveBeenCalledTimes(before + 1))
    }
    await type(1, ['Average'])
    await type(2, ['Status', 'Doe, Ann'])
    await type(3, ['99'])
    expect(flow.reading).toEqual({ dropColumns: ['Average'], keepColumns: ['Status', 'Doe, Ann'], notRated: ['99'] })
    await type(3, ['99', 'none'])
    expect(flow.reading.notRated).toEqual([])
    await type(3, ['none', 'not seen'])
    expect(flow.reading.notRated).toEqual(['not seen'])
    for (const at of [1, 2, 3]) await type(at, [])
    expect(flow.reading).toEqual({})
  })
})

describe('the file of items', () => {
  const looks = (): unknown[] => client.datasets.preview.mock.calls.map(([{ reading }]) => reading)
  const fields = (ofItems: boolean): VueWrapper | undefined => {
    const all: VueWrapper[] = view.findAllComponents(LayoutFields)
    return all.find((one) => (one.props() as { ofItems: boolean }).ofItems === ofItems)
  }
  it('is read with its own settings beside those of the ratings, and as detected again', async () => {
    const flow = useImport()
    const preview = previewOf({}, { ...text, ...workbook, text: text.text })
    client.datasets.preview.mockReset().mockResolvedValue(preview)
    flow.sent = { ratings: [], items: null, joined: [] }
    wizard(preview)
    await flow.look({ reading: { encoding: 'windows-1252', roles: {} } })
    await flow.readItems({ table: 'June' })
    fields(false)?.vm.$emit('change', { delimiter: ';' })
    await vi.waitFor(() => expect(looks()).toHaveLength(3))
    fields(true)?.vm.$emit('change', { encoding: 'windows-1250' })
    await vi.waitFor(() => expect(looks()).toHaveLength(4))
    await view.get('[data-testid=layout]').get('button').trigger('click')
    await vi.waitFor(() => expect(looks()).toHaveLength(5))
    await view.get('[data-testid=items-layout-detected]').trigger('click')
    await vi.waitFor(() => expect(looks()).toHaveLength(6))
    expect(looks()).toEqual([
      { encoding: 'windows-1252', roles: {} },
      { encoding: 'windows-1252', roles: {}, items: { table: 'June' } },
      { delimiter: ';', roles: {}, items: { table: 'June' } },
      { delimiter: ';', roles: {}, items: { table: 'June', encoding: 'windows-1250' } },
      { roles: {}, items: { table: 'June', encoding: 'windows-1250' } },
      { roles: {}, items: { table: 'June' } },
    ])
  })

  it('has its layout folded until it is wanted, or a guess', async () => {
    const folded = (): HTMLDetailsElement =>
      view.get<HTMLDetailsElement>('details:has([data-testid=items-layout-summary])').element
    wizard(previewOf({}, text))
    expect(folded().open).toBe(false)
    pointTo('Items skip lines')
    expect([folded().open, document.activeElement?.closest('[data-control]')?.getAttribute('data-control')]).toEqual([
      true,
      'Items skip lines',
    ])
    view.unmount()
    wizard({ ...previewOf({}, text), choices: [encoding] })
    expect(folded().open).toBe(true)
    await view.get('[aria-label="Go to Items encoding, which changes Encoding"]').trigger('click')
    expect(document.activeElement?.closest('[data-control]')?.getAttribute('data-control')).toBe('Items encoding')
  })

  it('has its columns recognised again after a change of its layout, unless a person chose them', async () => {
    const flow = useImport()
    const kept = { item: 'kod', title: 'rok', genres: null }
    const told = { item: 'kod', title: 'nazev', genres: null }
    const items = { ...text, columns: ['kod', 'nazev', 'rok'].map((name) => ({ name, type: 'VARCHAR', samples: [] })) }
    const misread = { ...text, columns: [{ name: 'kod;nazev;rok', type: 'VARCHAR', samples: [] }] }
    client.datasets.preview
      .mockReset()
      .mockImplementation((request) =>
        Promise.resolve(
          request.reading?.items?.delimiter === ';'
            ? { ...previewOf({}, items), itemMapping: told }
            : { ...previewOf({}, misread), itemMapping: null },
        ),
      )
    flow.sent = { ratings: [], items: null, joined: [] }
    await flow.look({})
    wizard(previewOf({}, misread))
    await flow.readItems({ delimiter: ';' })
    expect(flow.itemMapping).toEqual(told)
    Object.assign(flow.itemMapping, kept)
    await flow.readItems({ delimiter: ';', header: true })
    expect(flow.itemMapping).toEqual(kept)
  })

  it('has no settings after another file is chosen for the items', async () => {
    const flow = useImport()
    client.datasets.preview.mockReset().mockResolvedValue(previewOf({}, text))
    flow.sent = { ratings: [], items: null, joined: [] }
    wizard(previewOf({}, text))
    await flow.look({ reading: { delimiter: ';', items: { skip: 2 } } })
    await flow.setFileRole('a.csv', 'left out')
    expect(flow.reading).toEqual({ delimiter: ';', items: { skip: 2 } })
    await flow.setFileRole('b.csv', 'items')
    expect(flow.reading).toEqual({ delimiter: ';' })
  })
})

describe('a column that is chosen', () => {
  it('is sent with the next preview, the others are recognised again, and a column has one role', async () => {
    const flow = useImport()
    wizard(previewOf({}))
    const asked: unknown[] = []
    client.datasets.preview.mockImplementation((request) => {
      asked.push(request.columns)
      return Promise.resolve({ ...previewOf({}), mapping: { user: 'who', item: 'when', rating: null, time: null } })
    })
    flow.sent = { ratings: [], items: null, joined: [] }
    await flow.choose('user', 'who')
    expect(flow.mapping).toMatchObject({ user: 'who', item: 'when' })
    await flow.choose('time', null)
    await flow.choose('item', 'who')
    expect(asked).toEqual([{ user: 'who' }, { user: 'who', time: null }, { time: null, item: 'who' }])
  })

  it('is shown for titles, and titles are left out after “None” is chosen', async () => {
    const flow = useImport()
    const preview: ImportPreview = {
      ...previewOf({}),
      mapping: { user: 'who', item: 'what', rating: null, time: null, title: 'when' },
    }
    client.datasets.preview.mockReset().mockResolvedValueOnce(preview).mockResolvedValue(previewOf({}))
    flow.sent = { ratings: [], items: null, joined: [] }
    wizard(preview)
    await flow.look({})
    const selects: VueWrapper[] = view.findAllComponents(ColumnSelect)
    const select = selects.find((one) => one.get('label').text() === 'Title')
    expect(select?.text()).toContain('when')
    expect(view.get('[data-testid=preview]').text()).toContain('title')
    expect(flow.wanted?.title).toBe('when')
    select?.vm.$emit('update:modelValue', null)
    await vi.waitFor(() => expect(client.datasets.preview.mock.lastCall?.[0].columns).toEqual({ title: null }))
    await vi.waitFor(() => expect(flow.wanted).toEqual({ user: 'who', item: 'what', rating: null, time: null }))
  })

  it('waits while the files are read so that they lack it', async () => {
    const flow = useImport()
    wizard(previewOf({}))
    flow.sent = { ratings: [], items: null, joined: [] }
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
