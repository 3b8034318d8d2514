import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importPreview, importResult, type ImportResult } from '../../src/shared/datasets'
import { type Desk, newDesk } from './vasp.fixture'

let desk: Desk
let folder: string
let imports = 0
beforeAll(() => (desk = newDesk()))
beforeEach(() => (folder = mkdtempSync(join(desk.folder, 'export-'))))
afterAll(() => desk.remove())

function write(path: string, lines: readonly string[]): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${lines.join('\n')}\n`)
}
const events = (month: number, header = 'zakaznik;produkt;kdy'): string[] => [
  header,
  ...Array.from({ length: 60 }, (_, row) => `z${row % 12};p${(row * 7) % 10};2024-0${month}-${10 + (row % 18)}`),
]
/** An export whose names say nothing of what its files hold, or something else. */
function shop(): void {
  write('2024/leden.csv', events(1))
  write('2024/unor.csv', events(2))
  write('ratings-guide.csv', ['produkt;nazev;cena', ...Array.from({ length: 10 }, (_, i) => `p${i};Lampa ${i};${i}`)])
  write('zakaznici.csv', ['zakaznik;mesto', 'z1;Brno', 'z2;Praha'])
  write('README.txt', ['An export of our shop.'])
}
const rolesOf = ({ files }: { files: readonly { path: string; role: string }[] }): Record<string, string> =>
  Object.fromEntries(files.map(({ path, role }) => [path, role]))
const imported = (...args: string[]): Promise<ImportResult> =>
  desk.json(importResult, 'import', folder, '--name', `shop ${++imports}`, ...args)

describe('a folder', () => {
  test('of RecBole is read by what is in its files, whose endings say nothing', async () => {
    write('ml.inter', ['user_id:token\titem_id:token\trating:float', ...[1, 2, 3].map((n) => `u${n}\ti${n % 2}\t${n}`)])
    write('ml.item', ['item_id:token\tmovie_title:token_seq', 'i0\tHeat', 'i1\tSeven'])
    write('ml.user', ['user_id:token\tage:token', 'u1\t31', 'u2\t42'])
    expect(rolesOf(await desk.json(importPreview, 'preview', folder))).toEqual({
      'ml.inter': 'ratings',
      'ml.item': 'items',
      'ml.user': 'left out',
    })
    const { users, items, interactions } = await imported()
    expect([users, items, interactions]).toEqual([3, 2, 3])
  })

  test('whose users and items are in two files is joined by the key of both, unless a person leaves one out', async () => {
    write('order_products.csv', ['order_id,product_id', '1,7', '1,8', '2,7'])
    write('orders.csv', ['order_id,user_id', '1,4', '2,5'])
    write('products.csv', ['product_id,product_name', '7,Tea', '8,Milk'])
    expect(rolesOf(await desk.json(importPreview, 'preview', folder))).toEqual({
      'order_products.csv': 'ratings',
      'orders.csv': 'joined',
      'products.csv': 'items',
    })
    const { users, items, interactions, choices } = await imported()
    expect([users, items, interactions]).toEqual([2, 2, 3])
    expect(choices.map(({ value }) => value)).toContain('with columns of orders.csv')
    const { mapping } = await desk.json(importPreview, 'preview', folder, '--file-role', 'orders.csv=left-out')
    expect(mapping.user).not.toBe('user_id')
  })

  test('is sorted by the columns of its files, each with the reason, which becomes part of the reading', async () => {
    shop()
    const preview = await desk.json(importPreview, 'preview', folder)
    expect(rolesOf(preview)).toEqual({
      '2024/leden.csv': 'ratings',
      '2024/unor.csv': 'ratings',
      'ratings-guide.csv': 'items',
      'zakaznici.csv': 'left out',
      'README.txt': 'left out',
    })
    const { interactions, items, choices } = await imported()
    expect([interactions, items]).toEqual([60, 10])
    const kept = choices.filter(({ about }) => about === 'files').map(({ value, evidence }) => `${value}. ${evidence}`)
    expect(kept).toContain(
      'ratings: 2024/leden.csv, 2024/unor.csv. They have columns of users and items: zakaznik, produkt, kdy.',
    )
    expect(kept).toHaveLength(4)
  })

  test('warns, also with -q, where two kinds of files could be meant, and takes the one that is chosen', async () => {
    shop()
    write('wishes.csv', ['zakaznik;produkt;poznamka', 'z1;p1;please', 'z2;p2;soon'])
    const { stderr } = await desk.vasp('import', folder, '--name', `shop ${++imports}`, '-q')
    expect(stderr).toMatch(/left out: wishes\.csv is a guess\. It also has users and items/)
    expect(stderr).toContain('--file-role')
    const wishes = ['--file-role', 'wishes.csv=ratings']
    const events = ['--file-role', '2024/leden.csv=left-out', '--file-role', '2024/unor.csv=left-out']
    const { interactions, choices } = await imported(...wishes, ...events)
    expect(interactions).toBe(2)
    expect(choices.filter(({ about, certainty }) => about === 'files' && certainty === 'guess')).toEqual([])
  })

  test('that describes users is left out, also where its files are given by their names', async () => {
    write('people.csv', ['user_id,age,gender', 'u1,31,F', 'u2,44,M', 'u3,27,F'])
    write('plays.csv', [
      'user_id,item_id,rating',
      ...Array.from({ length: 12 }, (_, row) => `u${1 + (row % 3)},i${row % 4},${1 + (row % 5)}`),
    ])
    write('films.csv', ['item_id,title', ...[0, 1, 2, 3].map((item) => `i${item},Film ${item}`)])
    const paths = ['people.csv', 'films.csv', 'plays.csv'].map((name) => join(folder, name))
    const roles = { 'people.csv': 'left out', 'films.csv': 'items', 'plays.csv': 'ratings' }
    const together = await desk.json(importPreview, 'preview', ...paths)
    expect(rolesOf(together)).toEqual(roles)
    expect(together.mapping).toMatchObject({ user: 'user_id', item: 'item_id', rating: 'rating' })
    const without = await desk.json(importPreview, 'preview', ...paths.filter((path) => !path.endsWith('films.csv')))
    expect(rolesOf(without)).toEqual({ 'people.csv': 'left out', 'plays.csv': 'ratings' })
  })

  test('is sorted by names only where columns have none, and that is a guess', async () => {
    const bare = (from: number): string[] => Array.from({ length: 40 }, (_, row) => `${row % 9}\t${from + (row % 7)}`)
    write('plays.tsv', bare(100))
    write('songs.tsv', ['100\tHello', '101\tBye'])
    const preview = await desk.json(importPreview, 'preview', folder)
    expect(rolesOf(preview)).toEqual({ 'plays.tsv': 'ratings', 'songs.tsv': 'items' })
    expect(preview.warnings.filter((warning) => warning.startsWith('files: '))).toHaveLength(2)
  })

  test('leaves its items out if another file of items is given', async () => {
    shop()
    const other = join(desk.folder, 'names.csv')
    writeFileSync(other, 'produkt;nazev\np1;Lampa\n')
    const preview = await desk.json(importPreview, 'preview', folder, '--items', other)
    expect(preview.files.find(({ path }) => path === 'ratings-guide.csv')).toMatchObject({ role: 'left out' })
    expect(preview.items?.name).toBe('names.csv')
  })

  test('without ratings, or without the file that is given a role, is refused by name', async () => {
    expect(await desk.failure('preview', folder)).toMatchObject({
      message: expect.stringContaining('no files') as string,
    })
    write('a.log', ['x'])
    write('b.log', ['y'])
    const untold = await desk.failure('import', folder, '--name', 'none')
    expect(untold.message).toMatch(/has no file that its columns or its name identify as ratings.*a\.log, b\.log/)
    expect(untold.next).toContain('--file-role')
    const unknown = await desk.failure('preview', folder, '--file-role', 'a.log=ratings', '--file-role', 'c.log=items')
    expect(unknown.message).toContain('c.log')
    rmSync(join(folder, 'b.log'))
    const archive = join(desk.folder, 'plain.csv')
    writeFileSync(archive, 'user,item\nu,i\n')
    expect((await desk.failure('preview', archive, '--file-role', 'x=ratings')).message).toContain('gives x')
  })
})

describe('files that are given one by one', () => {
  const given = (...names: string[]): string[] => names.map((name) => join(folder, name))

  test.for([
    ['the items first', ['movies.csv', 'ratings.csv']],
    ['the ratings first', ['ratings.csv', 'movies.csv']],
  ] as const)('are sorted as those of a folder are: %s', async ([, names]) => {
    write('ratings.csv', ['userId,movieId,rating', 'u1,7,5', 'u1,8,4', 'u2,7,3'])
    write('movies.csv', ['movieId,title,genres', '7,Heat (1995),Crime', '8,Seven (1995),Crime|Thriller'])
    const preview = await desk.json(importPreview, 'preview', ...given(...names))
    expect(rolesOf(preview)).toEqual({ 'ratings.csv': 'ratings', 'movies.csv': 'items' })
    const result = await desk.json(importResult, 'import', ...given(...names), '--name', `given ${++imports}`)
    expect([result.users, result.items, result.interactions]).toEqual([2, 2, 3])
    expect(result.choices.map(({ value }) => value)).toContain('items: movies.csv')
  })

  test('are joined by their key', async () => {
    write('order_products.csv', ['order_id,product_id', '1,7', '1,8', '2,7'])
    write('orders.csv', ['order_id,user_id', '1,4', '2,5'])
    const files = given('orders.csv', 'order_products.csv')
    const result = await desk.json(importResult, 'import', ...files, '--name', `given ${++imports}`)
    expect([result.users, result.items, result.interactions]).toEqual([2, 2, 3])
  })

  test('are never left out but by a person, who learns how, unless they describe users', async () => {
    write('ratings.csv', ['userId,movieId,rating', 'u1,7,5', 'u2,7,3'])
    write('tags.csv', ['userId,tag', 'u1,drama', 'u1,slow', 'u2,fun'])
    const files = given('ratings.csv', 'tags.csv')
    const { next } = await desk.failure('import', ...files, '--name', `given ${++imports}`)
    expect(next).toContain('--file-role tags.csv=left-out')
    const said = ['--file-role', 'tags.csv=left-out', '--name', `given ${++imports}`]
    const result = await desk.json(importResult, 'import', ...files, ...said)
    expect([result.users, result.items, result.interactions]).toEqual([2, 1, 2])
  })
})
