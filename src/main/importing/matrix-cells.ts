/** The first rows of a table and its column names; null if it has no header. */
export interface MatrixSample {
  readonly names: readonly string[] | null
  readonly rows: readonly (readonly string[])[]
  /** The most that each column can have, as a gradebook says it below its header; null where it says none. */
  readonly maxima?: readonly (number | null)[]
}

/** A column of a table that may be a matrix. */
export interface Column {
  readonly column: number
  /** The cells of all rows: numbers, null for an empty one, undefined for text. */
  readonly cells: readonly (number | null | undefined)[]
  readonly numbers: readonly number[]
  /** The filled cells that are not numbers. */
  readonly texts: readonly string[]
}

/** Tick marks: a mark means that a row has the column's item. */
const marks = new Set(['x', '✓', '✔', '☑', '✗', '☒', '•', '●'])
export const isMark = (cell: string): boolean => marks.has(cell.trim().toLowerCase())

const blanks = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', '-', '–', '—', '?', '.'])

/** The rating in a cell, 1 for a mark; null for an empty cell, undefined for text. @param words that mean "not rated" */
export function cellOf(text: string, words: readonly string[] = []): number | null | undefined {
  const cell = text.trim()
  if (blanks.has(cell.toLowerCase()) || words.includes(cell)) return null
  if (isMark(cell)) return 1
  const number = Number(cell.replace(',', '.'))
  return Number.isFinite(number) ? number : undefined
}

export function columnsOf(rows: MatrixSample['rows'], words: readonly string[]): Column[] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  return Array.from({ length: width }, (_, column) => {
    const texts = rows.map((row) => row[column] ?? '')
    const cells = texts.map((text) => cellOf(text, words))
    return {
      column,
      cells,
      numbers: cells.filter((cell) => typeof cell === 'number'),
      texts: texts.filter((_text, row) => cells[row] === undefined).map((text) => text.trim()),
    }
  })
}

/** Maximum share of the filled cells of a rating column that are not numbers. */
const mostTexts = 0.1
// Single cells that are not numbers will be rejected; a column with many of them does not contain ratings.
export const isNumeric = ({ texts, numbers }: Column): boolean =>
  texts.length <= mostTexts * (texts.length + numbers.length)

/** With more words than this in all columns, they are remarks. */
const mostWords = 2
/** Words such as “not seen”, which several columns have beside their numbers. */
export function wordsForUnrated(columns: readonly Column[]): string[] {
  const mixed = columns.filter(({ texts, numbers }) => numbers.length > 1 && new Set(texts).size <= mostWords)
  const columnsWith = new Map<string, number>()
  for (const { texts } of mixed)
    for (const word of new Set(texts)) columnsWith.set(word, (columnsWith.get(word) ?? 0) + 1)
  const words = [...columnsWith].filter(([, count]) => count >= 3 && 2 * count >= mixed.length).map(([word]) => word)
  return words.length <= mostWords ? words : []
}
