import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const day = (at: number): string => `2024-03-${String(1 + (at % 28)).padStart(2, '0')}`

/** Thirty rows of six users. @param cells of a row, besides user and item */
const rows = (header: string, cells: (at: number) => readonly string[]): string =>
  [
    `user_id,item_id,${header}`,
    ...Array.from({ length: 30 }, (_, at) => [`u${at % 6}`, `i${at % 11}`, ...cells(at)].join(',')),
  ].join('\n')

async function warned(name: string, text: string): Promise<string> {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const file = write(name, text)
  const preview = await previewImport({ ratings: [file], items: null, table: null }, store.library)
  const result = await load(file, mappingOf(preview))
  return [...preview.choices, ...result.choices]
    .filter(({ certainty }) => certainty === 'guess')
    .map(({ column, value, evidence, option }) => `${column ?? ''}: ${value}. ${evidence} ${option}`)
    .join('\n')
}

test.each([
  ['is_deleted', ['0', '1'], '0'],
  ['deleted', ['False', 'True'], 'False'],
  ['returned', ['no', 'yes'], 'no'],
  ['is_test', ['false', 'true'], 'false'],
])('a column %s beside ratings warns, and says to keep the rows that count', async (name, [no, yes], kept) => {
  const text = rows(`rating,${name}`, (at) => [String(1 + (at % 5)), (at % 7 === 0 ? yes : no) ?? ''])
  const said = await warned('flags.csv', text)
  expect(said).toContain(`${name}: left out`)
  expect(said).toContain(`--event-types "${kept}"`)
})

test.each(['qty_refunded', 'returned_quantity', 'Retourenmenge'])(
  'amounts in %s are said to be counted all the same',
  async (name) => {
    const text = rows(`qty_ordered,${name}`, (at) => [String(2 + (at % 4)), String(at % 3)])
    expect(await warned('refunds.csv', text)).toMatch(
      new RegExp(
        `${name}: left out. Its name means that something was taken back, up to 2 in a row, and “qty_ordered”`,
      ),
    )
  },
)

test('credit notes among the documents are named', async () => {
  const text = rows('qty,document_type,date', (at) => [
    String(1 + (at % 4)),
    at % 9 === 0 ? 'Credit Memo' : 'Invoice',
    day(at),
  ])
  expect(await warned('documents.csv', text)).toContain('Credit Memo')
})

test('a minus one below a scale of even stars may stand for no rating', async () => {
  const text = rows('rating', (at) => [at % 10 === 0 ? '-1' : String(2 * (1 + (at % 5)))])
  expect(await warned('even.csv', text)).toContain('may stand for “not rated”')
})

test('times that do not all name their zone are a guess', async () => {
  const text = rows('rating,time', (at) => [String(1 + (at % 5)), `${day(at)}T10:00:00${at % 2 === 0 ? '+02:00' : ''}`])
  expect(await warned('zones.csv', text)).toMatch(/A zone stands in 15 rows, but not in 15, which are read as UTC/)
})

test.each(['Gesamt', 'Sum', 'Alle Kunden'])('a row of totals called %s is named', async (total) => {
  const text = `${rows('qty', (at) => [String(1 + (at % 4))])}\n${total},i1,75`
  expect(await warned('totals.csv', text)).toContain('is the name of a total')
})

test.each([
  ['in any order', [1481, 1666, 1203, 1999, 1107, 1850, 1320, 1555, 1042, 1777]],
  ['in order', [1042, 1107, 1203, 1320, 1481, 1555, 1666, 1777, 1850, 1999]],
])('a decimal comma that nothing quotes is a guess, also where each user occurs once, %s', async (_, users) => {
  const text = ['user,item,rating', ...users.map((user, at) => `${user},${30 + at},${1 + (at % 4)},5`)].join('\n')
  expect(await warned('commas.csv', text)).toContain('the last cell of each row has no name')
})

test('a German grade is doubted among German names, and not among others', async () => {
  const grades = (names: string): string =>
    [
      names,
      ...Array.from(
        { length: 30 },
        (_, at) => `u${at % 6};i${at % 11};${1 + (at % 5)};2024-03-${String(10 + (at % 20))}`,
      ),
    ].join('\n')
  expect(await warned('noten.csv', grades('Nutzer;Film;Note;Datum'))).toContain('In a German table 1 is the best grade')
  expect(await warned('notes.csv', grades('utilisateur;film;note;date'))).not.toContain('best grade')
})

const documents = [
  ['RE', 'GS'],
  ['RG', 'GU'],
  ['RE', 'ST'],
  ['Rechnung', 'Gutschrift'],
  ['Rechnung', 'Rechnungskorrektur'],
  ['Rechnung', 'Storno'],
  ['INV', 'CN'],
  ['Invoice', 'Credit'],
  ['inv', 'crn'],
  ['FA', 'AV'],
  ['Facture', 'Avoir'],
  ['FT', 'NC'],
  ['FV', 'KOR'],
  ['F2', 'G2'],
] as const

test.each(documents)(
  'of %s and %s beside quantities, the latter is named as what takes a sale back',
  async (sale, credit) => {
    for (const name of ['Belegart', 'Type', 'Doc', 'Art']) {
      const text = rows(`qty,${name},date`, (at) => [String(1 + (at % 4)), at % 9 === 0 ? credit : sale, day(at)])
      const said = await warned('documents.csv', text)
      expect(said).toContain(credit)
      expect(said).toContain(`--event "${name}" --event-types "${sale}"`)
    }
  },
)

test.each(documents.filter(([sale, credit]) => sale !== 'F2' && credit.length <= 3))(
  'numbers of documents that begin with %s and %s warn, too',
  async (sale, credit) => {
    const text = rows('qty,document_no,date', (at) => [
      String(1 + (at % 4)),
      `${at % 9 === 0 ? credit : sale}-${1000 + at}`,
      day(at),
    ])
    expect(await warned('numbers.csv', text)).toMatch(
      new RegExp(`document_no: left out.*“${credit}” seems to take a sale back`),
    )
  },
)

test.each([
  ['IN', 'CN'],
  ['RE', 'FR'],
  ['AV', 'DE'],
  ['CR', 'US'],
])('%s and %s of countries take nothing back', async (one, other) => {
  const text = rows('qty,country,date', (at) => [String(1 + (at % 4)), at % 3 === 0 ? one : other, day(at)])
  expect(await warned('countries.csv', text)).not.toContain('country')
})

test.each([
  ['without an item', 'Total,,120'],
  ['without a user', ',i1,120'],
])('a line of totals %s is rejected, and nothing else is said of it', async (_, line) => {
  const text = `${rows('rating', (at) => [String(1 + (at % 5))])}\n${line}`
  const said = await warned('footer.csv', text)
  expect(said).not.toContain('is the name of a total')
  expect(said).not.toContain('may stand for “not rated”')
})
