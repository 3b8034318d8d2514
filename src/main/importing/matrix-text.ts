import { badInput } from '../../shared/errors'
import type { Choice } from '../../shared/reading'
import { formatCount, formatShare } from '../../shared/format'
import type { Conversion } from './formats/format'
import { TextWriter } from './formats/text-writer'
import { cellOf, fewestItems, ratingMatrix, type RatingMatrix } from './rating-matrix'
import { nameInteractions } from './suggest-mapping'
import { type Table, rowsOf } from './table-rows'

/** Rows by which a matrix is recognised in a preview. */
const sampledRows = 1000
const listColumns = ['user', 'item', 'rating'] as const

/** A rating matrix written as a list. */
export interface MatrixText extends Table {
  readonly choices: readonly Choice[]
  /** The line of the matrix that a line of the list comes from. */
  readonly lineOf: (line: number) => number
}

/**
 * The list of a rating matrix: one row for each of its cells that holds a rating, empty lines for the others. Null where the table is no
 * matrix.
 * @param wanted whether a person says that it is one, or none; undefined: by its cells
 */
export async function matrixText(
  table: Table,
  file: string,
  conversion: Conversion,
  wanted: 'list' | 'matrix' | undefined,
): Promise<MatrixText | null> {
  const { dialect } = table
  if (wanted === 'list' || (dialect.columns.length < fewestItems && wanted === undefined)) return null
  const first: string[][] = []
  for await (const { cells } of rowsOf(table)) {
    first.push([...cells])
    if (first.length === sampledRows) break
  }
  const names = dialect.columns.map(({ name }) => name)
  const matrix = ratingMatrix(first, wanted === undefined && dialect.named && nameInteractions(names))
  if (!matrix && wanted === 'matrix')
    throw badInput(
      `${file} is not a rating matrix: it takes a row for each user and at least ${fewestItems} columns of numbers of one scale.`,
      'Choose the layout “List”, or --layout list.',
    )
  if (!matrix) return null
  return writeList(table, file, conversion, matrix)
}

async function writeList(
  table: Table,
  file: string,
  conversion: Conversion,
  matrix: RatingMatrix,
): Promise<MatrixText> {
  const { dialect } = table
  const itemNames = matrix.items.map((column, position) =>
    dialect.named ? (dialect.columns[column]?.name ?? String(position + 1)) : String(position + 1),
  )
  const writer = new TextWriter(conversion)
  const lines: number[] = []
  const beyond = new Map<number, number>()
  try {
    for await (const { cells, line } of rowsOf(table)) {
      lines.push(line)
      if (cells.length !== dialect.columns.length) {
        // Rejected as a whole, in the first of the lines that are its cells'.
        await writer.row([cells.join(dialect.delimiter)])
        for (let cell = 1; cell < matrix.items.length; cell++) await writer.line('')
        continue
      }
      const user = matrix.users === null ? String(lines.length) : (cells[matrix.users] ?? '')
      for (const [position, column] of matrix.items.entries()) {
        const text = cells[column] ?? ''
        const rating = cellOf(text)
        if (rating === null || (rating !== undefined && matrix.missing.includes(rating))) {
          await writer.line('')
          continue
        }
        if (rating !== undefined && (rating < matrix.range[0] || rating > matrix.range[1]) && !beyond.has(rating))
          beyond.set(rating, line)
        await writer.row([user, itemNames[position] ?? '', rating === undefined ? text : String(rating)])
      }
      if (!writer.wantsMore) break
    }
    const { path, dialect: listDialect } = await writer.end(listColumns)
    return {
      path,
      dialect: listDialect,
      choices: choicesOf(file, matrix, dialect.named, [...beyond]),
      lineOf: (line) => lines[Math.floor((line - 1) / matrix.items.length)] ?? line,
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function choicesOf(
  file: string,
  matrix: RatingMatrix,
  named: boolean,
  beyond: readonly (readonly [number, number])[],
): Choice[] {
  const about = {
    about: 'layout',
    file,
    column: null,
    affectsData: true,
    control: 'Layout',
    option: '--layout list',
  } as const
  const [least, most] = matrix.range
  const choices: Choice[] = [
    {
      ...about,
      value: 'rating matrix, read as a list',
      certainty: 'likely',
      evidence:
        `${formatCount(matrix.items.length)} columns hold ratings from ${least} to ${most} or nothing (${formatShare(matrix.filled)} filled): ` +
        `one row is a user, one column an item${named ? '' : ', called by its position'}. ` +
        (matrix.users === null
          ? 'Users have no ids and are called by their row.'
          : 'The first column names the users.'),
    },
  ]
  if (matrix.count !== null)
    choices.push({
      ...about,
      value: 'a column of counts left out',
      certainty: 'likely',
      evidence: `Column ${matrix.count + 1} says how many ratings its row has.`,
    })
  for (const number of matrix.missing)
    choices.push({
      ...about,
      value: `${number} means not rated`,
      certainty: number === 0 || number === -1 ? 'guess' : 'likely',
      evidence:
        number === 0 || number === -1
          ? `Most cells hold ${number}, and the other ratings go from ${least} to ${most}.`
          : `${number} stands far outside of the scale from ${least} to ${most}.`,
    })
  const [first] = beyond
  if (first)
    choices.push({
      ...about,
      value: `${first[0]} is a rating`,
      certainty: 'guess',
      evidence: `Line ${first[1]} holds ${first[0]}, outside of the scale of the first rows, ${least} to ${most}.`,
    })
  return choices
}
