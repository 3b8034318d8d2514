import { wasChosen } from '../../shared/certainty'
import { badInput } from '../../shared/errors'
import type { Choice, RowLayout } from '../../shared/reading'
import { formatCount, formatCounted, formatShare } from '../../shared/format'
import type { Conversion } from './formats/format'
import { roleOfName } from './column-names'
import { TextWriter } from './formats/text-writer'
import { summaryName } from './matrix-names'
import {
  cellOf,
  fewestAlike,
  fewestColumns,
  gridItem,
  isRounded,
  looksLikeMatrix,
  namesOf,
  ratingMatrix,
  type RatingMatrix,
} from './rating-matrix'
import { nameInteractions } from './suggest-mapping'
import { firstRowsOf, rowsOf, type Table, type TableRow } from './table-rows'

/** Number of rows by which a matrix is recognised in a preview. */
const sampledRows = 1000
const listColumns = ['user', 'item', 'rating'] as const

/** A rating matrix converted to a list. */
export interface MatrixText extends Table {
  readonly choices: readonly Choice[]
  /** The matrix's line from which a line of the list comes. */
  readonly lineOf: (line: number) => number
}

/** The choices about a table that is not converted. */
type Untouched = Pick<MatrixText, 'choices'>

/**
 * Converts a rating matrix to a list: one row per cell with a rating, empty lines for the others. For other tables, returns only
 * a warning if they may be a matrix.
 * @param wanted the layout that the user chose; undefined to detect it
 */
export async function matrixText(
  table: Table,
  file: string,
  conversion: Conversion,
  wanted: RowLayout | undefined,
): Promise<MatrixText | Untouched> {
  const { dialect } = table
  if (wanted === 'list' || wanted === 'groups' || (dialect.columns.length <= fewestAlike && wanted === undefined))
    return { choices: [] }
  const rows = await firstRowsOf(table, sampledRows)
  const names = dialect.named ? dialect.columns.map(({ name }) => name) : null
  const sample = { names, rows: withoutSummaries(rows) }
  // Course A, Course B and so on are many items, not the item of a row.
  const items = names?.filter((name) => roleOfName(name)?.role === 'item').length ?? 0
  if (wanted === undefined && names && nameInteractions(names) && items < fewestColumns) return { choices: [] }
  const found = ratingMatrix(sample, wanted !== undefined)
  if (!found && wanted !== undefined)
    throw badInput(
      `${file} is not a rating matrix: a matrix has one row per user or item, and at least two columns with numbers on one scale or with the same few words.`,
      'Choose the layout “List” (--layout list; in the app: Layout).',
    )
  if (found) return writeList(table, file, conversion, wanted === undefined ? found : asWanted(found, wanted))
  const alike = looksLikeMatrix(sample)
  return { choices: alike ? [mayBeMatrix(file, alike, names)] : [] }
}

/** The matrix with the orientation that the user chose; still a guess if its names contradict that. */
function asWanted(matrix: RatingMatrix, wanted: 'matrix' | 'matrix-of-items'): RatingMatrix {
  const rows = wanted === 'matrix' ? 'users' : 'items'
  return matrix.rows === rows || matrix.certainty === 'guess'
    ? { ...matrix, rows, certainty: 'certain', evidence: wasChosen }
    : { ...matrix, rows, certainty: 'guess', evidence: `It was chosen; but ${matrix.evidence}` }
}

const mayBeMatrix = (
  file: string,
  { ids, columns }: NonNullable<ReturnType<typeof looksLikeMatrix>>,
  names: readonly string[] | null,
): Choice => ({
  about: 'layout',
  file,
  column: null,
  value: 'list: one row is an interaction',
  certainty: 'guess',
  evidence: `It may be a rating matrix: columns ${namesOf(columns, names)} have values of the same kind, and ${names ? `“${names[ids] ?? ''}”` : `column ${ids + 1}`} is different in each row.`,
  affectsData: true,
  control: 'Layout',
  option: '--layout matrix',
})

/** Whether a row is a summary of the others: “Average” at the end, “Points Possible” below the header of a gradebook. */
const isSummary = (cells: readonly string[]): boolean => cells.slice(0, 2).some(summaryName)
const isMaximum = (cells: readonly string[]): boolean =>
  cells.slice(0, 2).some((cell) => /^\s*points possible\s*$/i.test(cell))

function withoutSummaries(rows: readonly string[][]): string[][] {
  const last = rows.findLastIndex((row) => !isSummary(row))
  return rows.slice(0, last + 1).filter((row) => !isMaximum(row))
}

/** Rows named like summaries, and whether their numbers are the summaries of the rows before. */
interface SummaryRow {
  readonly row: TableRow
  readonly fits: boolean
}

/** How often and how much the columns were rated. */
class ColumnSums {
  readonly #sums: number[] = []
  readonly #counts: number[] = []

  add(position: number, rating: number): void {
    this.#sums[position] = (this.#sums[position] ?? 0) + rating
    this.#counts[position] = (this.#counts[position] ?? 0) + 1
  }

  /** Whether cells are all sums, all means or all counts of the columns. */
  fit(cells: readonly string[]): boolean {
    const ways = [
      (position: number) => (this.#sums[position] ?? 0) / (this.#counts[position] ?? 0),
      (position: number) => this.#sums[position] ?? 0,
      (position: number) => this.#counts[position] ?? 0,
    ]
    return ways.some((way) =>
      cells.every((text, position) => {
        const number = cellOf(text)
        return number == null || isRounded(number, text.trim(), way(position))
      }),
    )
  }
}

async function writeList(
  table: Table,
  file: string,
  conversion: Conversion,
  matrix: RatingMatrix,
): Promise<MatrixText> {
  const { dialect } = table
  const width = matrix.columns.length
  const columnIds = matrix.columns.map((column, position) =>
    dialect.named ? gridItem(dialect.columns[column]?.name ?? '') : String(position + 1),
  )
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  const beyond = new Map<number, number>()
  const sums = new ColumnSums()
  const write = async ({ cells, line }: TableRow): Promise<void> => {
    lines.push(line)
    if (cells.length !== dialect.columns.length) {
      // Rejected as a whole, on the first line of its cells.
      await writer.row([cells.join(dialect.delimiter)])
      for (let cell = 1; cell < width; cell++) await writer.line('')
      return
    }
    const rowId = matrix.ids === null ? String(lines.length) : (cells[matrix.ids] ?? '')
    for (const [position, column] of matrix.columns.entries()) {
      const text = cells[column] ?? ''
      const rating = cellOf(text)
      if (rating === null || (rating !== undefined && matrix.scale?.missing.includes(rating))) {
        await writer.line('')
        continue
      }
      if (rating !== undefined) sums.add(position, rating)
      if (rating !== undefined && matrix.scale && !beyond.has(rating)) {
        const [least, most] = matrix.scale.range
        if (rating < least || rating > most) beyond.set(rating, line)
      }
      const ids = [rowId, columnIds[position] ?? '']
      if (matrix.rows === 'items') ids.reverse()
      await writer.row([...ids, rating === undefined || matrix.scale === null ? text : String(rating)])
    }
  }
  const leftOut: SummaryRow[] = []
  // Rows named like summaries are summaries only at the end.
  let held: SummaryRow[] = []
  try {
    for await (const row of rowsOf(table)) {
      if (isMaximum(row.cells)) leftOut.push({ row, fits: true })
      else if (isSummary(row.cells))
        held.push({ row, fits: sums.fit(matrix.columns.map((column) => row.cells[column] ?? '')) })
      else {
        for (const one of held) await write(one.row)
        held = []
        await write(row)
      }
      if (!writer.wantsMore) break
    }
    leftOut.push(...held)
    const { path, dialect: listDialect } = await writer.end(listColumns)
    return {
      path,
      dialect: listDialect,
      choices: choicesOf(
        file,
        matrix,
        dialect.named ? dialect.columns.map(({ name }) => name) : null,
        [...beyond],
        leftOut,
      ),
      lineOf: (line) => lines[Math.floor((line - 1) / width)] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function choicesOf(
  file: string,
  matrix: RatingMatrix,
  names: readonly string[] | null,
  beyond: readonly (readonly [number, number])[],
  summaries: readonly SummaryRow[],
): Choice[] {
  const about = {
    about: 'layout',
    file,
    column: null,
    affectsData: true,
    control: 'Layout',
    option: '--layout list',
  } as const
  const isOfItems = matrix.rows === 'items'
  const [row, column] = isOfItems ? ['item', 'user'] : ['user', 'item']
  const { scale } = matrix
  const columns = formatCounted(matrix.columns.length, 'column')
  const nameless = [
    ...(matrix.ids === null ? [`${isOfItems ? 'Items' : 'Users'} have no ids and are numbered by row.`] : []),
    ...(names === null ? [`${isOfItems ? 'Users' : 'Items'} are numbered by column.`] : []),
  ]
  const ids =
    matrix.ids === null
      ? []
      : [`${names ? `“${names[matrix.ids] ?? ''}”` : `Column ${matrix.ids + 1}`} contains the ${row}s.`]
  const choices: Choice[] = [
    {
      ...about,
      value: `rating matrix${isOfItems ? ' of items' : ''}, read as a list`,
      certainty: 'likely',
      evidence: [
        `${columns} contain ${scale ? `ratings from ${scale.range[0]} to ${scale.range[1]}` : 'the same few words'} or nothing (${formatShare(matrix.filled)} filled).`,
        ...ids,
        ...nameless,
      ].join(' '),
    },
    {
      ...about,
      value: `one row is ${row === 'item' ? 'an' : 'a'} ${row}, one column ${column === 'item' ? 'an' : 'a'} ${column}`,
      certainty: matrix.certainty,
      evidence: `${matrix.evidence.slice(0, 1).toUpperCase()}${matrix.evidence.slice(1)}`,
      option: isOfItems ? '--layout matrix' : '--layout matrix-of-items',
    },
  ]
  for (const { column: position, certainty, because } of matrix.leftOut)
    choices.push({
      ...about,
      value: `column ${names ? `“${names[position] ?? ''}”` : position + 1} left out`,
      certainty,
      evidence: `It ${because}.`,
    })
  for (const { row: left, fits } of summaries)
    choices.push({
      ...about,
      value: `line ${formatCount(left.line)}, “${(left.cells.find(summaryName) ?? '').trim()}”, left out`,
      certainty: fits ? 'likely' : 'guess',
      evidence: fits
        ? 'It summarises the other rows.'
        : 'It is named like a summary of the other rows, although its numbers do not match them.',
    })
  for (const number of scale?.missing ?? [])
    choices.push({
      ...about,
      value: `${number} means not rated`,
      certainty: number === 0 || number === -1 ? 'guess' : 'likely',
      evidence:
        number === 0 || number === -1
          ? `Most cells contain ${number}, and the other ratings range from ${scale?.range[0]} to ${scale?.range[1]}.`
          : `${number} is far outside the scale from ${scale?.range[0]} to ${scale?.range[1]}.`,
    })
  const [first] = beyond
  if (first)
    choices.push({
      ...about,
      value: `${first[0]} is a rating`,
      certainty: 'guess',
      evidence: `Line ${first[1]} contains ${first[0]}, which is outside the scale of the first rows, ${scale?.range[0]} to ${scale?.range[1]}.`,
    })
  return choices
}
