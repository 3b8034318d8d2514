import { describe, expect, it } from 'vitest'
import { importSettingsOf, withCurrentNames } from './import-settings'

const sheetChoice = {
  file: 'shop.xlsx',
  column: null,
  value: 'sheet “May”',
  certainty: 'likely',
  evidence: '',
  affectsData: true,
  control: 'Sheet',
  option: '--table NAME',
} as const
const settingsWith = (names: object, items: object, about: string): string =>
  JSON.stringify({ ...names, reading: { skip: 1, items }, choices: [{ ...sheetChoice, about }] })

describe('stored import settings', () => {
  it('are the same whether they name a sheet “part”, as earlier versions did, or “table”', () => {
    const read = (text: string) => importSettingsOf({ import_settings: text })
    const current = read(settingsWith({ table: 'May' }, { table: 'Titles', skip: 2 }, 'table'))
    expect(read(settingsWith({ part: 'May' }, { part: 'Titles', skip: 2 }, 'part'))).toEqual(current)
    expect(current).toMatchObject({
      table: 'May',
      reading: { skip: 1, items: { table: 'Titles', skip: 2 } },
      choices: [{ about: 'table' }],
    })
  })

  it('without a sheet stay as they are', () => {
    for (const stored of [{ table: null }, { part: null }, {}, null])
      expect((withCurrentNames(stored) as { table?: unknown } | null)?.table ?? null).toBeNull()
  })
})
