import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importPreview, importResult, metadataResult } from '../../src/shared/datasets'
import type { DatasetId } from '../../src/shared/ids'
import { encoded } from '../fixtures/encoded'
import { startStudio } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'
import { workbookOf } from './workbook.fixture'

let desk: Desk
const write = (name: string, content: string | Buffer): string => {
  const file = join(desk.folder, name)
  writeFileSync(file, content)
  return file
}
const warnings = (stderr: string): string[] => stderr.split('\n').filter((line) => line.startsWith('warning:'))
async function titles(id: DatasetId): Promise<Record<string, string>> {
  const studio = await startStudio(desk.library)
  try {
    const items = await studio.engine.client.datasets.items({ id, query: '', limit: 20 })
    return Object.fromEntries(items.map((item) => [item.id, item.title]))
  } finally {
    await studio.close()
  }
}

/** Silk and boy in Romanian, which a detector takes for Portuguese; no header. */
const catalogue = (silk: string): Buffer => encoded(`Catalogue\na^${silk}\nb^Băiat\n`, 'windows-1250')
const said = ['--items-delimiter', '^', '--items-header', 'no', '--items-skip', '1', '--items-encoding', 'windows-1250']
let ratings: string

beforeAll(() => {
  desk = newDesk()
  ratings = write('ratings.csv', 'user,item\nu1,a\nu1,b\nu2,a\nu2,b\n')
})
afterAll(() => desk.remove())

describe('the file of items on the command line', () => {
  it('is read as its options say, by import and preview, and by newer exports of the data set', async () => {
    const items = write('items.txt', catalogue('Mătase'))
    const guess = await desk.vasp('preview', ratings, '--items', items, ...said.slice(0, 6))
    expect(guess.code, guess.stderr).toBe(0)
    expect(warnings(guess.stderr).join()).toMatch(
      /items\.txt, encoding: .* is a guess\. .* use --items-encoding \S+ \(in the app: Items encoding\)/,
    )
    expect(guess.stdout).toMatch(/^! items\.txt, encoding: .* \[--items-encoding \S+\]$/m)
    const sure = await desk.json(importPreview, 'preview', ratings, '--items', items, ...said)
    expect(sure.warnings).toEqual([])
    expect(sure.items?.rows).toEqual([
      ['a', 'Mătase'],
      ['b', 'Băiat'],
    ])

    const named = ['--name', 'shop', '--save-template', 'shop']
    const first = await desk.json(importResult, 'import', ratings, '--items', items, ...named, ...said)
    expect(await titles(first.dataset)).toEqual({ a: 'Mătase', b: 'Băiat' })

    const newer = write('newer.txt', catalogue('Mătăsuri'))
    const again = await desk.vasp('import', ratings, '--items', newer, '--refresh', 'shop', '--json')
    expect(again.code, again.stderr).toBe(0)
    expect(warnings(again.stderr)).toEqual([])
    const second = importResult.parse(JSON.parse(again.stdout))
    expect(await titles(second.dataset)).toEqual({ a: 'Mătăsuri', b: 'Băiat' })

    // What is named beside the template wins, and the rest of it stays.
    const template = ['--template', 'shop', '--items-encoding', 'windows-1252']
    const third = await desk.json(importResult, 'import', ratings, '--items', newer, '--name', 'other', ...template)
    expect(await titles(third.dataset)).toEqual({ a: 'Mãtãsuri', b: 'Bãiat' })
  })

  it('of a newer export that cannot be read like this is detected again, and this is reported', async () => {
    const workbook = (name: string, sheets: Record<string, string>): string =>
      write(
        name,
        Buffer.from(
          workbookOf(
            Object.entries(sheets).map(([sheet, lamp]) => [
              sheet,
              [
                ['item', 'title'],
                ['a', lamp],
                ['b', 'Chair'],
              ],
            ]),
          ),
        ),
      )
    const first = workbook('may.xlsx', { Old: 'Lantern', May: 'Lamp' })
    const may = await desk.json(
      importResult,
      'import',
      ratings,
      '--items',
      first,
      '--name',
      'm',
      '--items-table',
      'May',
    )
    expect(await titles(may.dataset)).toEqual({ a: 'Lamp', b: 'Chair' })
    const second = workbook('june.xlsx', { June: 'Light', Old: 'Lantern' })
    const june = await desk.vasp('import', ratings, '--items', second, '--refresh', 'm', '--json')
    expect(june.code, june.stderr).toBe(0)
    expect(warnings(june.stderr).join()).toContain('layout is detected again. june.xlsx has no sheet “May”')
    expect(await titles(importResult.parse(JSON.parse(june.stdout)).dataset)).toEqual({ a: 'Light', b: 'Chair' })
  })

  it('says so if its options leave no row', async () => {
    const items = write('lamps.csv', 'item,title\na,Lamp\nb,Chair\n')
    const { warnings: told } = await desk.json(importPreview, 'preview', ratings, '--items', items, '--items-skip', '9')
    expect(told).toContain('lamps.csv has no rows.')
  })

  it('must be given if options describe it', async () => {
    for (const command of [
      ['import', ratings, '--name', 'none'],
      ['preview', ratings],
    ])
      expect(await desk.failure(...command, '--items-encoding', 'windows-1250')).toMatchObject({
        exit: 2,
        message: 'Options for the items file are given, but there is no items file with ratings.csv.',
        next: expect.stringMatching(/--items FILE, or leave out --items-table, .*--items-encoding.*\.$/) as string,
      })
  })

  it('that is joined later is read with its options, and its guesses are reported with the options that change them', async () => {
    const shop = await desk.json(importResult, 'import', ratings, '--name', 'plain')
    const file = write('details.txt', catalogue('Mătase'))
    const options = ['--delimiter', '^', '--header', 'no', '--skip', '1', '--quote', 'none']
    const guessed = await desk.vasp('metadata', 'plain', file, ...options)
    expect(guessed.code, guessed.stderr).toBe(0)
    expect(warnings(guessed.stderr).join()).toMatch(
      /details\.txt, encoding: .* use --encoding \S+ \(in the app: Encoding\)/,
    )
    expect(await titles(shop.dataset)).toEqual({ a: 'Mãtase', b: 'Bãiat' })
    const result = await desk.json(metadataResult, 'metadata', 'plain', file, ...options, '--encoding', 'windows-1250')
    expect(result.choices.map(({ certainty }) => certainty)).not.toContain('guess')
    expect(await titles(shop.dataset)).toEqual({ a: 'Mătase', b: 'Băiat' })
  })

  it('has its columns named as those of vasp metadata are', async () => {
    const items = write('named.csv', 'kod,autor,nazev\na,X,Hedvábí\nb,Y,Kluk\n')
    const asked = ['--items', items, '--items-item', 'KOD', '--items-title', 'nazev', '--items-genres', 'none']
    const preview = await desk.vasp('preview', ratings, ...asked)
    expect(preview.stdout).toContain('named.csv: items by “kod”, title “nazev”, no genres [--items-item')
    const { dataset } = await desk.json(importResult, 'import', ratings, '--name', 'named', ...asked)
    expect(await titles(dataset)).toEqual({ a: 'Hedvábí', b: 'Kluk' })
    const swapped = await desk.json(
      importResult,
      'import',
      ratings,
      '--name',
      'swapped',
      '--items',
      items,
      '--items-item',
      'kod',
      '--items-title',
      'autor',
    )
    expect(await titles(swapped.dataset)).toEqual({ a: 'X', b: 'Y' })
    expect(
      await desk.failure(
        'import',
        ratings,
        '--name',
        'x',
        '--items',
        items,
        '--items-item',
        'kod',
        '--items-title',
        'no',
      ),
    ).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('named.csv has no column "no"'),
    })
    expect(await desk.failure('import', ratings, '--name', 'x', '--items-title', 'nazev')).toMatchObject({
      code: 'BAD_INPUT',
      next: expect.stringContaining('--items FILE'),
    })
  })

  it('is reported if an option has no effect on a file of its format', async () => {
    const book = write(
      'items.xlsx',
      Buffer.from(
        workbookOf([
          [
            'Items',
            [
              ['item', 'title'],
              ['a', 'Silk'],
              ['b', 'Boy'],
            ],
          ],
        ]),
      ),
    )
    const lines = write('ratings.jsonl', '{"user":"u1","item":"a"}\n{"user":"u2","item":"b"}\n')
    const { stderr } = await desk.vasp(
      'preview',
      lines,
      '--delimiter',
      ';',
      '--table',
      'x',
      '--items',
      book,
      '--items-encoding',
      'utf-8',
    )
    expect(warnings(stderr)).toEqual([
      expect.stringContaining(
        'ratings.jsonl is read as JSON lines, for which --delimiter, --table (in the app: Separator, Table or Sheet) have no effect',
      ),
      expect.stringContaining(
        'items.xlsx is read as Excel workbook, for which --items-encoding (in the app: Items encoding) has no effect',
      ),
    ])
    expect(await desk.failure('metadata', 'named', book, '--encoding', 'utf-8')).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('items.xlsx is read as Excel workbook, for which --encoding'),
    })
    expect(await desk.failure('metadata', 'named', write('i.csv', 'item,title\na,A\n'), '--table', 'x')).toMatchObject({
      message: expect.stringContaining('for which --table'),
    })
  })

  it('items with several rows are reported once', async () => {
    const items = write('twice.csv', 'item,title\na,Silk\na,Mill\nb,Boy\n')
    const { stdout, stderr } = await desk.vasp('metadata', 'named', items)
    expect((stdout + stderr).match(/several rows/g)).toHaveLength(1)
  })
})

it('a preview says how many rows an import would reject, and shows some', async () => {
  const file = write('bad.csv', 'user,item,rating\nu1,a,5\nu1,b,4\nu2,a,x\n,b,3\nu3,a,2\nu3,b,1\nu4,a,3\nu4,b,y\n')
  const { stdout } = await desk.vasp('preview', file)
  expect(stdout).toContain('3 rows of 8 (37.5 %) cannot be used and would be rejected:')
  expect(stdout).toContain('2 rows: rating is not a number, as “u2, a, x”; “u4, b, y”.')
  expect(stdout).toContain('1 row: no user id, as “, b, 3”.')
  const broken = write('broken.csv', 'user,item,rating\nu1,a,5\nu1,b,4\nu2,a\nu2,b,1\n')
  expect((await desk.vasp('preview', broken)).stdout).toContain('all 4 rows into 3 interactions')
  expect((await desk.vasp('preview', broken)).stdout).toContain('1 row of 4 (25.0 %) cannot be used')
  const single = write('single.csv', 'user,item,rating\nu1,a,5\n')
  expect((await desk.vasp('preview', single)).stdout).toContain(
    'An import would turn the only row into 1 interaction of 1 user with 1 item.',
  )
})
