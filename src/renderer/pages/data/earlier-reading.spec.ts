import { describe, expect, it, vi } from 'vitest'
import { StudioError } from '../../../shared/errors'
import { datasetId, fileHandle } from '../../../shared/ids'
import type { DatasetDetail, ImportPreview } from '../../../shared/datasets'
import { earlierSentence, readAsBefore } from './earlier-reading'

const { get, preview } = vi.hoisted(() => ({ get: vi.fn(), preview: vi.fn() }))
vi.mock('../../rpc', () => ({ client: { datasets: { get, preview } } }))

const settings: NonNullable<DatasetDetail['importedAs']> = {
  mapping: { user: 'kdo', item: 'co', rating: 'znamka', time: 'kdy' },
  itemMapping: null,
  duplicates: 'last',
  reading: { dateOrder: 'dayFirst', decimalComma: true },
  table: null,
}
const shown = (...columns: string[]): ImportPreview =>
  ({ ratings: { columns: columns.map((name) => ({ name })) } }) as unknown as ImportPreview
const target = { dataset: datasetId.parse(4), how: 'append' } as const
const sent = { ratings: [fileHandle.parse('00000000-0000-4000-8000-000000000001')], items: null, joined: [] }
const detected = shown('kdo', 'co', 'znamka', 'kdy')
const read = () => readAsBefore(target, sent, detected, new AbortController().signal)

describe('a newer export', () => {
  it('is read as the version before, with its columns named', async () => {
    get.mockResolvedValue({ version: 2, importedAs: settings })
    preview.mockReset().mockResolvedValue(detected)
    const again = await read()
    expect(preview).toHaveBeenLastCalledWith(
      expect.objectContaining({
        reading: settings.reading,
        into: target.dataset,
        columns: { user: 'kdo', item: 'co', rating: 'znamka', time: 'kdy', event: null, count: null, title: null },
      }),
      expect.anything(),
    )
    expect(again?.earlier && earlierSentence(again.earlier)).toBe(
      'The files are read like version 2: with the same columns, dates day first, a decimal comma.',
    )
  })

  it('says which columns it lacks, and that it cannot be read so', async () => {
    get.mockResolvedValue({ version: 2, importedAs: settings })
    preview.mockReset().mockResolvedValue(shown('kdo', 'co', 'kdy'))
    const lacking = await read()
    // The columns that are still there stay what they were.
    expect(preview).toHaveBeenLastCalledWith(
      expect.objectContaining({
        columns: { user: 'kdo', item: 'co', time: 'kdy', event: null, count: null, title: null },
      }),
      expect.anything(),
    )
    expect(lacking?.earlier && earlierSentence(lacking.earlier)).toContain('lack the column “znamka” of version 2')
    preview.mockReset().mockResolvedValue(shown('a', 'b'))
    const other = await read()
    expect(preview).toHaveBeenCalledTimes(1)
    expect(other?.earlier && earlierSentence(other.earlier)).toContain('their columns were recognised again')
    preview
      .mockReset()
      .mockRejectedValue(
        new StudioError({ code: 'BAD_INPUT', message: 'There is no sheet “May”.', next: 'Choose one.' }),
      )
    const refused = await read()
    expect(refused?.found).toBe(detected)
    expect(refused?.earlier && earlierSentence(refused.earlier)).toContain('There is no sheet “May”.')
  })

  it('of a data set that does not say how it was read, or of a new one, is read by itself', async () => {
    get.mockResolvedValue({ version: 1, importedAs: null })
    expect(await read()).toBeNull()
    expect(await readAsBefore(null, sent, detected, new AbortController().signal)).toBeNull()
  })
})
