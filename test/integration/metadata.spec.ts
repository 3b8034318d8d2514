import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importResult } from '../../src/shared/datasets'
import { metadataSentences } from '../../src/shared/metadata-text'
import type { DatasetId } from '../../src/shared/ids'
import { encoded } from '../fixtures/encoded'
import { ratingsMapping, resultOf, startStudio, startTraining, writeRatings, type Studio } from './studio.fixture'

let studio: Studio
let dataset: DatasetId
beforeAll(async () => {
  studio = await startStudio()
  const file = join(studio.library, 'ratings.csv')
  writeRatings(file, 200, 12)
  const { job } = await studio.engine.client.datasets.import({
    name: 'planted',
    ratings: [studio.engine.registerFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
  })
  dataset = importResult.parse(await resultOf(studio.engine, job)).dataset
})
afterAll(() => studio.remove())

const describeBy = (name: string, text: string, item: string | null = null) => {
  const file = join(studio.library, name)
  writeFileSync(file, text)
  return studio.engine.client.datasets.describe({ dataset, file: studio.engine.registerFile(file), item })
}

describe('item metadata joined later', () => {
  it('names items of a run that is there, which stays as it was; both kinds of unmatched ids are told', async () => {
    const { client } = studio.engine
    const { run, job } = await startTraining(studio.engine, dataset, 'popularity', {})
    await resultOf(studio.engine, job)
    const who = { kind: 'user', user: '1' } as const
    const before = await client.explore.recommend({ run, who, k: 3 })
    const [first, second] = before.items
    if (!first || !second) throw new Error('no recommendations')
    const { fingerprint, items } = await client.datasets.get({ id: dataset })

    const result = await describeBy(
      'films.csv',
      [
        'movieId,title,genres,year,director',
        `${first.id},Amélie,Comedy|Romance,2001,Jeunet`,
        `${second.id},,,1995,`,
        'ghost,Nobody,Drama,1900,Unknown',
        ',no id,,,',
      ].join('\n'),
    )
    expect(result).toMatchObject({
      item: 'movieId',
      title: 'title',
      genres: 'genres',
      attributes: ['year', 'director'],
      matched: 2,
      unmatchedItems: items - 2,
      unknownIds: 1,
      unknownIdExamples: ['ghost'],
      unusableRows: 1,
    })

    const after = await client.explore.recommend({ run, who, k: 3 })
    expect(after.items.map(({ id, score }) => [id, score])).toEqual(before.items.map(({ id, score }) => [id, score]))
    expect(after.items[0]).toMatchObject({
      title: 'Amélie',
      genres: ['Comedy', 'Romance'],
      attributes: { year: '2001', director: 'Jeunet' },
    })
    expect(after.items[1]).toMatchObject({ title: second.title, attributes: { year: '1995' } })
    expect(after.items[2]).not.toHaveProperty('attributes')
    expect((await client.datasets.get({ id: dataset })).fingerprint).toBe(fingerprint)
    expect((await client.datasets.items({ id: dataset, query: 'amelie', limit: 5 })).map(({ id }) => id)).toEqual([
      first.id,
    ])

    // By a named column; empty cells of the file keep the current values.
    await describeBy('more.tsv', `code\tyear\tcountry\n${first.id}\t\tFrance\n`, 'code')
    expect((await client.explore.recommend({ run, who, k: 1 })).items[0]).toMatchObject({
      title: 'Amélie',
      attributes: { year: '2001', director: 'Jeunet', country: 'France' },
    })
  })

  it('refuses files that name no item, and columns that are not there, and changes nothing', async () => {
    const { client } = studio.engine
    const before = await client.datasets.items({ id: dataset, query: '', limit: 200 })
    for (const [text, item, message] of [
      ['movieId,title\nx,X\ny,Y\n', null, /None of the 2 ids in column “movieId”/],
      ['movieId,title\n1,X\n', 'isbn', /no column “isbn”/],
      ['colour,size\nred,1\n', null, /No column of bad.csv was recognised as the item ids/],
    ] as const)
      await expect(describeBy('bad.csv', text, item)).rejects.toMatchObject({
        data: { code: 'BAD_INPUT', message: expect.stringMatching(message) as string },
      })
    expect(await client.datasets.items({ id: dataset, query: '', limit: 200 })).toEqual(before)
  })

  it('says of items with several rows how many there are, with examples, beforehand and afterwards', async () => {
    const { engine } = studio
    const [first, second] = await engine.client.datasets.items({ id: dataset, query: '', limit: 2 })
    if (!first || !second) throw new Error('no items')
    const text = `id,title\n${first.id},First\n${first.id},Second\n${second.id},Bee\nghost,A\nghost,B\n`
    const file = join(studio.library, 'twice.csv')
    writeFileSync(file, text)
    const preview = await engine.client.datasets.previewDetails({ dataset, file: engine.registerFile(file) })
    expect(preview.warnings).toEqual([
      `“id”: 2 ids have several rows (${first.id}, …). The first title of each item is used; genres and attributes are joined.`,
    ])
    const result = await describeBy('twice.csv', text, 'id')
    expect(result).toMatchObject({ matched: 2, repeatedItems: 1, repeatedItemExamples: [first.id] })
    expect(metadataSentences(result)).toContain(
      `1 item has several rows in the file (${first.id}): the first title was taken.`,
    )
  })

  it('finds the column of the ids by what it holds where no name tells it, and says what it took', async () => {
    const { client } = studio.engine
    const items = (await client.datasets.items({ id: dataset, query: '', limit: 3 })).map(({ id }) => id)
    const rows = items.map((id, at) => `${900_001 + at};${id};Ding ${at};${at < 2 ? 'Holz' : 'Stein'}`)
    const result = await describeBy('artikel.csv', `Zeile;Strich;Wort;Sorte\n${rows.join('\n')}\n`)
    expect(result).toMatchObject({ item: 'Strich', title: 'Wort', matched: 3, toldByContent: true })
    expect(metadataSentences(result).join(' ')).toMatch(/“Strich” was taken for the item ids because .*--item/)

    // Names in other languages are no guess.
    expect(await describeBy('produkte.csv', `Zeile;SKU;Produktname;Kategorie\n${rows.join('\n')}\n`)).toMatchObject({
      item: 'SKU',
      title: 'Produktname',
      genres: 'Kategorie',
      toldByContent: false,
    })

    // The data page shows how they were read, and of a file that is joined again how it was read last.
    const { choices } = await client.datasets.get({ id: dataset })
    const told = choices.flatMap(({ about, file, column, value }) =>
      about === 'items' && file === 'produkte.csv' ? [`${column ?? ''}: ${value}`] : [],
    )
    expect(told).toEqual(['SKU: item ids', 'Produktname: titles', 'Kategorie: genres', ': attributes'])
    await describeBy('produkte.csv', `SKU;Bezeichnung\n${items[0] ?? ''};Ding\n`)
    const again = (await client.datasets.get({ id: dataset })).choices
    expect(
      again.flatMap(({ about, file, value }) => (about === 'items' && file === 'produkte.csv' ? [value] : [])),
    ).toEqual(['item ids', 'titles'])

    // Two columns of ids are no evidence for either, and a column named like ids takes precedence over one that only looks like them.
    const twice = items.map((id, at) => `${id},${id},Thing ${at}`).join('\n')
    await expect(describeBy('both.csv', `one,other,words\n${twice}\n`)).rejects.toMatchObject({
      data: {
        message: expect.stringMatching(/was recognised as the item ids/) as string,
        next: expect.stringMatching(/--item COLUMN.*“one”, “other”, “words”/) as string,
      },
    })
    expect(
      await describeBy('named.csv', `item_id,code\n${items.map((id) => `${id},${id}`).join('\n')}\n`),
    ).toMatchObject({
      item: 'item_id',
      title: null,
      attributes: ['code'],
      toldByContent: false,
    })
  })

  it('shows a file under any header beforehand: what its columns name, and which are id, title and genres', async () => {
    const { engine } = studio
    const { client } = engine
    const [first, second] = await client.datasets.items({ id: dataset, query: '', limit: 2 })
    if (!first || !second) throw new Error('no items')
    const file = join(studio.library, 'katalog.csv')
    writeFileSync(
      file,
      `pořadí;kód;jméno;druh;rok\n900001;${first.id};Kočár do Vídně;Drama|Historie;1966\n900002;${second.id};Pelíšky;Komedie|Drama;1999\n900003;nic;Nikdo;Drama|Krimi;1900\n`,
    )
    const handle = engine.registerFile(file)
    const preview = await client.datasets.previewDetails({ dataset, file: handle })
    expect(preview).toMatchObject({ item: 'kód', title: 'jméno', genres: 'druh' })
    expect(preview.file.rows).toHaveLength(3)
    expect(preview.ids.find(({ column }) => column === 'kód')).toEqual({ column: 'kód', different: 3, items: 2 })
    expect(preview.items).toBe((await client.datasets.get({ id: dataset })).items)

    // A choice that fits nothing is refused, and the file is still there for a better one.
    const wrong = { dataset, file: handle, item: 'jméno', title: 'kód', genres: null }
    await expect(client.datasets.describe(wrong)).rejects.toMatchObject({ data: { code: 'BAD_INPUT' } })
    const joined = await client.datasets.describe({
      dataset,
      file: handle,
      item: 'kód',
      title: 'jméno',
      genres: null,
    })
    expect(joined).toMatchObject({ title: 'jméno', genres: null, attributes: ['pořadí', 'druh', 'rok'], matched: 2 })
    const page = { id: dataset, query: 'kocar', by: 'title', direction: 'ascending', offset: 0, limit: 5 } as const
    expect(await client.browse.items(page)).toMatchObject({
      total: 1,
      rows: [{ id: first.id, title: 'Kočár do Vídně', attributes: { druh: 'Drama|Historie', rok: '1966' } }],
    })
    expect(await client.datasets.get({ id: dataset })).toMatchObject({ itemsDescribed: true })
  })

  it('shows a file as it would be read by what is said of it, and joins it so', async () => {
    const { engine } = studio
    const { client } = engine
    const [first, second] = await client.datasets.items({ id: dataset, query: '', limit: 2 })
    if (!first || !second) throw new Error('no items')
    const file = join(studio.library, 'romana.txt')
    writeFileSync(file, encoded(`Catalog\n${first.id}^Mătase\n${second.id}^Băiat\n`, 'windows-1250'))
    const handle = engine.registerFile(file)
    const said = { delimiter: '^', header: false, skip: 1 }
    const guessed = await client.datasets.previewDetails({ dataset, file: handle, reading: said })
    expect(guessed.warnings.join()).toMatch(/encoding: .* is a guess\. .*\(in the app: Encoding\)/)
    expect(guessed.file.rows[1]).toEqual([second.id, 'Bãiat'])
    const reading = { ...said, encoding: 'windows-1250' } as const
    const sure = await client.datasets.previewDetails({ dataset, file: handle, reading })
    expect(sure).toMatchObject({ warnings: [], item: 'column0', title: 'column1' })
    expect(sure.file.rows[1]).toEqual([second.id, 'Băiat'])
    await client.datasets.describe({ dataset, file: handle, reading, item: 'column0', title: 'column1', genres: null })
    expect((await client.datasets.items({ id: dataset, query: 'Băiat', limit: 5 })).map(({ id }) => id)).toEqual([
      second.id,
    ])
  })
})
