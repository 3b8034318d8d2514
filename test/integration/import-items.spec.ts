import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import type { ImportResult } from '../../src/shared/datasets'
import { controlsNamedIn, type ItemsReading, itemsControls, type TextEncoding } from '../../src/shared/reading'
import { encoded } from '../fixtures/encoded'
import { load, pairs, store, write } from './import-library'
import { workbookOf } from './workbook.fixture'

const ratings = (ids: readonly string[]): NamedFile =>
  write('ratings.csv', `user,item\n${ids.flatMap((id) => [`u1,${id}`, `u2,${id}`]).join('\n')}\n`)
const preview = (file: NamedFile, items: NamedFile, reading: ItemsReading = {}) =>
  previewImport({ ratings: [file], items, reading: { items: reading } }, store.library)
/** Imports into an empty library. */
const stored = (...what: Parameters<typeof load>): Promise<ImportResult> => {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  return load(...what)
}
/** Titles of the imported items, by id. */
const titles = ({ dataset }: ImportResult): Record<string, string> =>
  Object.fromEntries(store.datasets.items(dataset).map(({ externalId, title }) => [externalId, title]))
const choiceAbout = (choices: ImportResult['choices'], about: string, file = 'items.csv') =>
  choices.find((choice) => choice.about === about && choice.file === file)

describe('the file of items of an import', () => {
  const films = { a: 'Mătase', b: 'Băiat' }
  const text = (names: Record<string, string>): string =>
    `item,title\n${Object.entries(names)
      .map(([id, name]) => `${id},${name}`)
      .join('\n')}\n`

  it('is decoded with a chosen encoding if its code page is detected wrongly; its guess names the option', async () => {
    const items = write('items.csv', encoded(text(films), 'windows-1250'))
    const file = ratings(Object.keys(films))
    const guessed = await preview(file, items)
    const guess = choiceAbout(guessed.choices, 'encoding')
    expect(guess).toMatchObject({ certainty: 'guess', affectsData: true, control: 'Items encoding' })
    expect(guess?.option).toMatch(/^--items-encoding /)
    expect(guessed.warnings.join()).toContain('(in the app: Items encoding)')
    // Settings of the ratings do not apply to the items.
    const wrong = await stored(file, pairs, { items, reading: { encoding: 'windows-1250' } })
    expect(titles(wrong)).toMatchObject({ b: 'Bãiat' })

    const result = await stored(file, pairs, { items, reading: { items: { encoding: 'windows-1250' } } })
    expect(titles(result)).toEqual(films)
    expect(choiceAbout(result.choices, 'encoding')).toMatchObject({ certainty: 'certain', evidence: 'It was chosen.' })
    expect(choiceAbout(result.choices, 'encoding', 'ratings.csv')).toMatchObject({ control: 'Encoding' })
    const { importedAs, choices } = store.datasets.detail(result.dataset)
    expect(importedAs?.reading).toEqual({ items: { encoding: 'windows-1250' } })
    expect(choices).toEqual(result.choices)
    expect(choiceAbout((await preview(file, items, { encoding: 'windows-1250' })).choices, 'encoding')?.certainty).toBe(
      'certain',
    )
  })

  it('is split and skipped as chosen', async () => {
    const items = write(
      'items.csv',
      'Catalogue, 2024\nof the shop, all of it\nitem^title\na^Lamp, red\nb^Chair, blue\n',
    )
    const file = ratings(['a', 'b'])
    const result = await stored(file, pairs, { items, reading: { items: { delimiter: '^', skip: 2, header: true } } })
    expect(titles(result)).toEqual({ a: 'Lamp, red', b: 'Chair, blue' })
    for (const [about, control] of [
      ['separator', 'Items separator'],
      ['skipped lines', 'Items skip lines'],
      ['header', 'Items first row'],
    ] as const)
      expect(choiceAbout(result.choices, about)).toMatchObject({ certainty: 'certain', control })
  })

  it('has a first row that is an item, or one that names columns, as chosen', async () => {
    // An item called “item” with the title “title”.
    const items = write('items.csv', 'item,title\nlamp,Lamp\nchair,Chair\n')
    const file = ratings(['item', 'lamp', 'chair'])
    expect(titles(await stored(file, pairs, { items }))).toEqual({ item: 'item', lamp: 'Lamp', chair: 'Chair' })
    const result = await stored(file, pairs, { items, reading: { items: { header: false } } })
    expect(titles(result)).toEqual({ item: 'title', lamp: 'Lamp', chair: 'Chair' })
    expect((await preview(file, items, { header: false })).items).toMatchObject({ header: false })
  })

  it('is the chosen sheet, otherwise the likeliest for items, not for ratings', async () => {
    const workbook = write(
      'shop.xlsx',
      Buffer.from(
        workbookOf(
          Object.entries({
            Orders: [
              ['user', 'item'],
              ['u1', 'a'],
              ['u2', 'b'],
            ],
            'Old names': [
              ['item', 'title'],
              ['a', 'Lantern'],
              ['b', 'Stool'],
            ],
            Names: [
              ['item', 'title'],
              ['a', 'Lamp'],
              ['b', 'Chair'],
            ],
          }),
        ),
      ),
    )
    const file = ratings(['a', 'b'])
    const likeliest = await stored(file, pairs, { items: workbook })
    expect(titles(likeliest)).toEqual({ a: 'Lantern', b: 'Stool' })
    expect(choiceAbout(likeliest.choices, 'table', 'shop.xlsx')).toMatchObject({
      value: 'sheet “Old names”',
      certainty: 'guess',
      control: 'Items sheet',
      option: '--items-table "Names"',
    })
    const said = await stored(file, pairs, { items: workbook, reading: { items: { table: 'Names' } } })
    expect(titles(said)).toEqual({ a: 'Lamp', b: 'Chair' })
    expect(choiceAbout(said.choices, 'table', 'shop.xlsx')).toMatchObject({ certainty: 'certain' })
    await expect(
      stored(file, pairs, { items: workbook, reading: { items: { table: 'Titles' } } }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('has no sheet “Titles”') as string,
    })
    // A title line of a sheet, which would be taken for the header.
    const header = await stored(file, pairs, {
      items: workbook,
      reading: { items: { table: 'Names', skip: 1, header: false } },
    })
    expect(titles(header)).toEqual({ a: 'Lamp', b: 'Chair' })
    expect(choiceAbout(header.choices, 'skipped lines', 'shop.xlsx')).toMatchObject({
      certainty: 'certain',
      control: 'Items skip lines',
      evidence: 'It was chosen.',
    })
  })
})

const letters: Readonly<Partial<Record<TextEncoding, string>>> = {
  'utf-8': 'ěЖßλ',
  'windows-1250': 'ăěřŁ',
  'windows-1251': 'Жбщю',
  'windows-1252': 'éßãø',
  'iso-8859-2': 'ăěřŁ',
  'windows-1253': 'λωήΔ',
  'windows-1257': 'ąčęū',
}
const encodings = Object.keys(letters) as TextEncoding[]

test('a file of items is read with its chosen layout, whatever it looks like', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...encodings),
      fc.constantFrom(',', ';', '\t', '|', '^', '~', '::'),
      fc.constantFrom('"' as const, "'" as const, '' as const),
      fc.boolean(),
      fc.array(fc.constantFrom('Catalogue', 'a;b;c', 'made, today, by us', '1|2'), { maxLength: 3 }),
      fc.array(fc.array(fc.constantFrom('A', 'b', ' ', '7', '.', 0, 1, 2, 3), { minLength: 1, maxLength: 8 }), {
        minLength: 2,
        maxLength: 12,
      }),
      async (encoding, delimiter, quote, header, before, names) => {
        const title = (name: (typeof names)[number], at: number): string =>
          `t${at}${name.map((letter) => (typeof letter === 'number' ? letters[encoding]?.charAt(letter) : letter)).join('')}.`
        const expected = Object.fromEntries(names.map((name, at) => [`i${at}`, title(name, at)]))
        const lines = [
          ...before,
          ...(header ? [`item${delimiter}title`] : []),
          ...Object.entries(expected).map(([id, name]) => `${id}${delimiter}${quote}${name}${quote}`),
        ]
        const items = write('items.csv', encoded(`${lines.join('\n')}\n`, encoding))
        const reading = { encoding, delimiter, quote, header, skip: before.length }
        const result = await stored(ratings(Object.keys(expected)), pairs, { items, reading: { items: reading } })
        expect(titles(result)).toEqual(expected)
        // How the file is written, not what its columns are taken for.
        const ofItems = result.choices.filter(({ file, about }) => file === 'items.csv' && about !== 'items')
        expect(ofItems.map(({ certainty }) => certainty)).toEqual(ofItems.map(() => 'certain'))
        const controls = new Set<string>(Object.values(itemsControls))
        for (const { control, option } of ofItems) {
          expect(controls).toContain(control)
          expect(controlsNamedIn(option)).toContain(control)
        }
      },
    ),
    { numRuns: 40 },
  )
})
