import zlib from 'node:zlib'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { duplicatePolicy } from '../../src/shared/datasets'
import { load, named, rejects, store, write } from './import-library'
import { cellsOf, inAnyOrder, interactionsOf, keptOf, randomRows, timeForms } from './random-table.fixture'

const encodings = {
  'UTF-8': (text: string) => Buffer.from(text),
  'UTF-8 with its mark': (text: string) => Buffer.from(`\ufeff${text}`),
  'UTF-16 LE': (text: string) => Buffer.from(text, 'utf16le'),
  'UTF-16 LE with its mark': (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16 BE': (text: string) => Buffer.from(text, 'utf16le').swap16(),
  'UTF-16 BE with its mark': (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  // The letters that are drawn for it are the same in both.
  'Windows-1252': (text: string) => Buffer.from(text, 'latin1'),
}
const packings = {
  none: (text: Buffer) => write('table.csv', text),
  gzip: (text: Buffer) => write('table.csv.gz', zlib.gzipSync(text)),
  Zstandard: (text: Buffer) => write('table.csv.zst', zlib.zstdCompressSync(text)),
  ZIP: (text: Buffer) => write('table.zip', Buffer.from(zipSync({ 'table.csv': text }))),
}
const keys = <T extends object>(of: T): (keyof T)[] => Object.keys(of) as (keyof T)[]

/** What columns without names are called. */
const byOrder = { user: 'column0', item: 'column1', rating: 'column2', time: 'column3' }

const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', '::'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  endsWithLine: fc.boolean(),
  quoteAll: fc.boolean(),
  header: fc.boolean(),
  preamble: fc.constantFrom<readonly string[]>([], [], ['Ratings of our shop'], ['Export', '', 'made on Monday']),
  decimalComma: fc.boolean(),
  times: fc.constantFrom(...keys(timeForms)),
  encoding: fc.constantFrom(...keys(encodings)),
  packing: fc.constantFrom(...keys(packings)),
})

const table = dialect
  .map((drawn) => ({
    ...drawn,
    // Files with :: never quote.
    quoteAll: drawn.quoteAll && drawn.delimiter !== '::',
    decimal: drawn.decimalComma && drawn.delimiter !== ',' ? ',' : '.',
  }))
  .chain((drawn) =>
    randomRows({
      letters: `${drawn.delimiter === '::' ? '' : ',;|"\t'}äßñ${drawn.encoding === 'Windows-1252' ? '' : '中🎬'}`,
      ragged: true,
    }).map((rows) => ({ ...drawn, rows })),
  )

test('what was written is read back or rejected with its line, in any dialect', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(...duplicatePolicy.options), async (drawn, duplicates) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const { delimiter, end, rows } = drawn
      const mustQuote = (cell: string): boolean => /[",;|\t'\\# ]/.test(cell) && delimiter !== '::'
      const line = (cells: readonly string[]): string =>
        cells
          .map((cell) => (drawn.quoteAll || mustQuote(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
          .join(delimiter)
      const before = [...drawn.preamble, ...(drawn.header ? [line(['user', 'item', 'rating', 'time'])] : [])]
      const lines = rows.map((row) => line(cellsOf(row, drawn)))
      const text = [...before, ...lines].join(end) + (drawn.endsWithLine ? end : '')
      const file = packings[drawn.packing](encodings[drawn.encoding](text))

      // The code page of a single letter is a guess (import-encodings.spec.ts), so it is chosen here.
      const reading = drawn.encoding === 'Windows-1252' ? { encoding: 'windows-1252' as const } : undefined
      const result = await load(file, drawn.header ? named : byOrder, { duplicates, reading })
      const expected = keptOf(rows, duplicates)
      expect(inAnyOrder(interactionsOf(result))).toEqual(inAnyOrder(expected.interactions))
      const rejected = rows.flatMap(({ fault }, i) =>
        fault ? [{ file: 'table.csv', line: before.length + i + 1, reason: fault.reason, text: lines[i] }] : [],
      )
      // Rows that lack a cell that is empty elsewhere are read with it, and then lack a time; those with one too many may be joined (import-uneven-rows.spec.ts).
      const evened = new Set(
        result.choices.some(({ value }) => /surplus cells|last cells/.test(value))
          ? rows.flatMap(({ fault }, i) => (fault?.reason.endsWith('columns') ? before.length + i + 1 : []))
          : [],
      )
      const ofFile = (row: { file: string; line: number }): unknown =>
        evened.has(row.line) ? { file: row.file, line: row.line } : row
      expect(rejects(result).map(ofFile)).toEqual(rejected.map(ofFile))
      expect(result).toMatchObject({
        users: new Set(expected.interactions.map(([user]) => user)).size,
        items: new Set(expected.interactions.map(([, item]) => item)).size,
        interactions: expected.interactions.length,
        rejected: rejected.length,
        duplicates: expected.duplicates,
      })
    }),
    { numRuns: 100 },
  )
})
