import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Plugin } from 'vue'
import type { DetailsPreview, DetailsRequest, FilePreview } from '../../../shared/datasets'
import { badInput } from '../../../shared/errors'
import { datasetId, fileHandle, type FileHandle } from '../../../shared/ids'
import { lateAnswer } from '../../late-answer.fixture'
import { appPlugins } from '../../mounting.fixture'
import ColumnSelect from './ColumnSelect.vue'
import FileChoice from './FileChoice.vue'
import ItemDetailsForm from './ItemDetailsForm.vue'
import ItemsLayout from './ItemsLayout.vue'
import TableSelect from './TableSelect.vue'
import { textFile } from './preview.fixture'
import { controlsOfDetails } from './reading-rows'

const { previewDetails } = vi.hoisted(() => ({
  previewDetails: vi.fn<(request: DetailsRequest) => Promise<DetailsPreview>>(),
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const client = { datasets: { previewDetails }, system: { discardUpload: () => Promise.resolve({}) } }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})
const handle = fileHandle.parse('00000000-0000-4000-8000-000000000001')
const uploadFile = vi.hoisted(() => vi.fn<(file: File, options: { signal: AbortSignal }) => Promise<FileHandle>>())
vi.mock('../../upload', () => ({ uploadFile }))

const file: FilePreview = {
  ...textFile('items.csv', ['kod', 'nazev', 'rok']),
  text: { encoding: 'windows-1250', delimiter: ',', quote: '"', header: true, skip: 0, preamble: [] },
}
const previewOf = (change: Partial<FilePreview>): DetailsPreview => ({
  file: { ...file, ...change },
  ids: [{ column: 'kod', different: 3, items: 2 }],
  items: 2,
  item: 'kod',
  title: 'nazev',
  genres: null,
  choices: [],
  warnings: [],
})
const workbook = { format: 'Excel workbook' as const, tables: ['May', 'June'], text: null }
const dataset = datasetId.parse(4)

vi.setConfig({ testTimeout: 60_000 })
let view: VueWrapper
let plugins: Plugin[]
const emit = (component: VueWrapper | undefined, event: string, value: unknown): void =>
  component?.vm.$emit(event, value)
const wanted = (): unknown => view.emitted('update:modelValue')?.at(-1)?.[0]
async function choose(preview: DetailsPreview): Promise<void> {
  previewDetails.mockReset().mockResolvedValue(preview)
  view = mount(ItemDetailsForm, {
    attachTo: document.body,
    global: { plugins },
    props: { dataset, modelValue: null },
  })
  emit(view.findComponent(FileChoice), 'update:modelValue', new File(['kod'], 'items.csv'))
  await flushPromises()
}
beforeEach(() => {
  plugins = appPlugins()
  uploadFile.mockReset().mockResolvedValue(handle)
})
afterEach(() => view.unmount())

describe('details that are joined from a file', () => {
  it.each([
    ['text', {}],
    ['a workbook', workbook],
    ['a database', { ...workbook, format: 'SQLite database' as const }],
  ])('have the controls of %s that choices name', async (_, change) => {
    const preview = previewOf(change)
    await choose(preview)
    const named = view.findAll('[data-control]').map((place) => place.attributes('data-control') ?? '')
    expect(named.sort()).toEqual([...controlsOfDetails(preview.file)].sort())
  })

  it('are looked at and joined as a person says, sheet and layout together', async () => {
    await choose(previewOf(workbook))
    emit(view.findComponent(TableSelect), 'choose', 'June')
    await flushPromises()
    emit(view.findComponent(ItemsLayout), 'change', { table: 'June', skip: 2 })
    await flushPromises()
    expect(previewDetails.mock.calls.map(([{ reading }]) => reading)).toEqual([
      {},
      { table: 'June' },
      { table: 'June', skip: 2 },
    ])
    const columns = { item: 'kod', title: 'nazev', genres: null }
    expect(wanted()).toEqual({ dataset, file: handle, reading: { table: 'June', skip: 2 }, ...columns })
  })

  it('are those of the file that was chosen last, though another one is still being sent', async () => {
    const late = lateAnswer<FileHandle>()
    uploadFile.mockReturnValueOnce(late.promise)
    await choose(previewOf({}))
    expect([view.text().includes('Looking at the columns'), previewDetails.mock.calls]).toEqual([true, []])
    emit(view.findComponent(FileChoice), 'update:modelValue', new File(['id'], 'other.csv'))
    await flushPromises()
    expect(uploadFile.mock.calls[0]?.[1].signal.aborted).toBe(true)
    late.resolve(fileHandle.parse('00000000-0000-4000-8000-000000000002'))
    await flushPromises()
    expect(previewDetails.mock.calls.map(([{ file: of }]) => of)).toEqual([handle])
    expect(wanted()).toMatchObject({ file: handle })
  })

  it('say why a file could not be sent, until another one is chosen', async () => {
    uploadFile.mockRejectedValueOnce(badInput('The disk is full.', 'Free some space.'))
    await choose(previewOf({}))
    expect([view.text().includes('The disk is full.'), wanted()]).toEqual([true, undefined])
    emit(view.findComponent(FileChoice), 'update:modelValue', new File(['id'], 'other.csv'))
    await flushPromises()
    expect(view.text()).not.toContain('The disk is full.')
    expect(wanted()).toMatchObject({ file: handle })
  })

  it('stay chosen if they cannot be read with these settings, and are not joined meanwhile', async () => {
    await choose(previewOf({}))
    expect(wanted()).toMatchObject({ item: 'kod' })
    previewDetails.mockRejectedValueOnce(badInput('No table was recognised in items.csv.', 'Choose another.'))
    emit(view.findComponent(ItemsLayout), 'change', { delimiter: '|' })
    await flushPromises()
    expect(view.text()).toContain('No table was recognised in items.csv.')
    expect(wanted()).toBeNull()
    emit(view.findComponent(ItemsLayout), 'change', {})
    await flushPromises()
    expect(wanted()).toMatchObject({ item: 'kod', reading: {} })
  })

  it('keep the columns that a person chose while the file has them, and recognise the others again', async () => {
    await choose({ ...previewOf({}), item: null, title: null })
    previewDetails.mockResolvedValue(previewOf({}))
    emit(view.findComponent(ItemsLayout), 'change', { delimiter: ';' })
    await flushPromises()
    expect(wanted()).toMatchObject({ item: 'kod', title: 'nazev' })
    const selects: VueWrapper[] = view.findAllComponents(ColumnSelect)
    emit(selects[1], 'update:modelValue', 'rok')
    await flushPromises()
    emit(view.findComponent(ItemsLayout), 'change', { delimiter: ';', encoding: 'utf-8' })
    await flushPromises()
    expect(wanted()).toMatchObject({ item: 'kod', title: 'rok' })
    previewDetails.mockResolvedValue({ ...previewOf({ columns: file.columns.slice(0, 2) }) })
    emit(view.findComponent(ItemsLayout), 'change', { delimiter: ',' })
    await flushPromises()
    expect(wanted()).toMatchObject({ item: 'kod', title: 'nazev' })
  })
})
