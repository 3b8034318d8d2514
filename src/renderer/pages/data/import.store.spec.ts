import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import type { ImportPreview, PreviewRequest } from '../../../shared/datasets'
import { badInput } from '../../../shared/errors'
import type { FoundFile } from '../../../shared/found-files'
import { fileHandle, type FileHandle } from '../../../shared/ids'
import { dataset } from '../runs/forms.fixture'
import { lateAnswer } from '../../late-answer.fixture'
import { appPlugins } from '../../mounting.fixture'
import { importTarget } from './import-target'
import { useImport } from './import.store'
import { previewOfThree as found } from './preview.fixture'

type Options = { signal?: AbortSignal } | undefined
const { preview, begin, discarded, uploadFile } = vi.hoisted(() => ({
  preview: vi.fn<(request: PreviewRequest, options: Options) => Promise<ImportPreview>>(),
  begin: vi.fn<(request: unknown) => Promise<unknown>>(),
  discarded: [] as unknown[],
  uploadFile: vi.fn<(file: File, options: { signal: AbortSignal }) => Promise<FileHandle>>(),
}))
vi.mock('../../upload', () => ({ uploadFile }))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const get = (): Promise<unknown> => Promise.resolve({ version: 2, importedAs })
  const never = (): Promise<never> => new Promise(() => undefined)
  const sortFiles = ({ files }: { files: { path: string; bytes: number }[] }): Promise<FoundFile[]> =>
    Promise.resolve(
      files.map(({ path, bytes }) => ({
        path,
        bytes,
        role: 'ratings',
        certainty: 'likely',
        reason: 'By its columns.',
      })),
    )
  const client = {
    datasets: { sortFiles, preview, import: begin, get },
    jobs: { list: () => Promise.resolve([]), watch: never },
    system: {
      readSettings: never,
      writeSettings: never,
      discardUpload: ({ handle }: { handle: unknown }) => Promise.resolve(discarded.push(handle)),
    },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

const handleOf = (index: number): FileHandle => fileHandle.parse(`00000000-0000-4000-8000-00000000000${index}`)
const importedAs = { mapping: found.mapping, itemMapping: null, duplicates: 'last', reading: {}, table: null }
const withComma: ImportPreview = { ...found, warnings: ['Read with a comma.'] }

let flow: ReturnType<typeof useImport>
/** The wizard with one file chosen. */
beforeEach(async () => {
  discarded.length = 0
  uploadFile.mockReset().mockResolvedValue(handleOf(1))
  preview.mockReset().mockResolvedValue(found)
  begin.mockReset()
  appPlugins()
  flow = useImport()
  importTarget.value = null
  await flow.add([new File(['user,item\n'], 'a.csv')])
})

it('reads the files, and goes back to them with the reason if they cannot be read', async () => {
  preview.mockRejectedValueOnce(badInput('No table was recognised in a.csv.', 'Choose another.'))
  await flow.read()
  expect([flow.step, flow.failure?.message, discarded]).toEqual([
    'choose',
    'No table was recognised in a.csv.',
    [handleOf(1)],
  ])
  const reading = flow.read()
  expect([flow.step, flow.failure]).toEqual(['reading', null])
  await reading
  expect([flow.step, flow.failure, flow.preview]).toEqual(['map', null, found])
})

it('keeps a second upload after the first was cancelled, however late that ends', async () => {
  const late = lateAnswer<FileHandle>()
  uploadFile.mockReturnValueOnce(late.promise).mockResolvedValueOnce(handleOf(2))
  const answer = lateAnswer<ImportPreview>()
  preview.mockReturnValueOnce(answer.promise)
  const cancelled = flow.read()
  await flushPromises()
  flow.back()
  expect([flow.step, uploadFile.mock.calls[0]?.[1].signal.aborted]).toEqual(['choose', true])
  const again = flow.read()
  await flushPromises()
  late.reject(new DOMException('', 'AbortError'))
  await cancelled
  expect([flow.step, flow.failure, discarded]).toEqual(['reading', null, []])
  answer.resolve(found)
  await again
  expect([flow.step, flow.sent]).toEqual(['map', { ratings: [handleOf(2)], items: null, joined: [] }])
})

it('shows the files as read by the latest choice, whichever answer arrives last', async () => {
  await flow.read()
  const late = lateAnswer<ImportPreview>()
  preview.mockReturnValueOnce(late.promise).mockResolvedValueOnce(withComma)
  const first = flow.look({ reading: { delimiter: ';' } })
  await flushPromises()
  expect([flow.lookingAgain, flow.sortingFiles]).toEqual([true, false])
  await flow.look({ reading: { delimiter: ',' } })
  expect(preview.mock.calls[1]?.[1]?.signal?.aborted).toBe(true)
  late.resolve(found)
  await first
  expect([flow.preview, flow.lookingAgain, flow.failure]).toEqual([withComma, false, null])
})

it('says why the files cannot be read otherwise, keeps them as they were, and forgets it with the next choice', async () => {
  await flow.read()
  preview.mockRejectedValueOnce(badInput('There is no sheet “May”.', 'Choose another.'))
  await flow.look({ table: 'May' })
  expect([flow.step, flow.failure?.message, flow.preview]).toEqual(['map', 'There is no sheet “May”.', found])
  preview.mockResolvedValueOnce(withComma)
  await flow.look({ table: null })
  expect([flow.failure, flow.preview]).toEqual([null, withComma])
})

it('starts one import for two clicks', async () => {
  await flow.read()
  flow.step = 'review'
  begin.mockResolvedValue({ job: 5 })
  await Promise.all([flow.start(), flow.start()])
  expect([begin.mock.calls.length, flow.step, flow.job]).toEqual([1, 'importing', 5])
})

it('says why an import did not start, until another choice is made', async () => {
  await flow.read()
  flow.step = 'review'
  begin.mockRejectedValueOnce(badInput('There is a data set of this name.', 'Choose another name.'))
  await flow.start()
  expect([flow.step, flow.failure?.message]).toEqual(['review', 'There is a data set of this name.'])
  flow.step = 'map'
  await flow.look({})
  expect(flow.failure).toBeNull()
})

it('lists the chosen files once, also when they are read without the settings of the version before', async () => {
  importTarget.value = { dataset, how: 'append' }
  await flow.add([new File(['user,item\n'], 'b.csv')])
  await flow.read()
  expect(flow.earlier?.used).toBe(true)
  await flow.readAnew()
  expect([flow.earlier?.used, flow.preview?.files.map(({ path }) => path)]).toEqual([false, ['a.csv', 'b.csv']])
  await flow.readAsEarlier()
  expect([flow.earlier?.used, flow.preview?.files.map(({ path }) => path)]).toEqual([true, ['a.csv', 'b.csv']])
})

it('takes all files that are added or removed while others are still looked at', async () => {
  const named = (name: string): File => new File(['user,item\n'], name)
  await Promise.all([flow.add([named('b.csv')]), flow.add([named('c.csv')])])
  expect(flow.files.map(({ found: { path } }) => path)).toEqual(['a.csv', 'b.csv', 'c.csv'])
  const [first] = flow.files
  await Promise.all([flow.add([named('d.csv')]), flow.remove(first!.file)])
  expect(flow.files.map(({ found: { path } }) => path)).toEqual(['b.csv', 'c.csv', 'd.csv'])
})

it('adds up repeated counts as a guess that nobody chose, and sends what somebody chose', async () => {
  const counted = { ...found, mapping: { ...found.mapping, rating: null, count: 'plays' } }
  preview.mockResolvedValue(counted)
  await flow.read()
  expect([flow.duplicates, flow.chosenDuplicates]).toEqual(['count', null])
  begin.mockRejectedValue(badInput('No.', 'None.'))
  await flow.start()
  expect(begin.mock.calls[0]?.[0]).toMatchObject({ duplicates: undefined })
  flow.duplicates = 'maximum'
  await flow.start()
  expect(begin.mock.calls[1]?.[0]).toMatchObject({ duplicates: 'maximum' })
  preview.mockResolvedValue(found)
  await flow.read()
  expect([flow.duplicates, flow.chosenDuplicates]).toEqual(['last', null])
})
