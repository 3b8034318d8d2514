import { wasChosen } from '../../shared/certainty'
import { badInput } from '../../shared/errors'
import type { Choice, ReadingOverrides, RowLayout } from '../../shared/reading'
import { formatCount, formatCounted, formatShare } from '../../shared/format'
import type { Conversion } from './formats/format'
import { lastParts } from './header-rows'
import { roleOfName, saysMaker } from './column-names'
import { TextWriter } from './formats/text-writer'
import { cellOf, type MatrixSample } from './matrix-cells'
import { isRounded } from './matrix-columns'
import { type TimeOfRows, timeOfRows } from './matrix-times'
import { isMonth } from './month-columns'
import { maximumName, summaryName } from './matrix-names'
import {
  emptyColumn,
  fewestAlike,
  fewestColumns,
  gridItem,
  looksLikeMatrix,
  namesOf,
  ratingMatrix,
  type RatingMatrix,
  type SaidOfMatrix,
} from './rating-matrix'
import { nameInteractions } from './suggest-mapping'
import { firstRowsOf, rowsOf, type Table, type TableRow } from './table-rows'

/** Number of rows by which a matrix is recognised in a preview. */
const sampledRows = 1000
const ofMatrix = 'rating matrix'
/** Whether a file was read as a rating matrix, whose cells that are not rated are left out then. */
export const isReadAsMatrix = (choices: readonly Choice[]): boolean =>
  choices.some(({ about, value }) => about === 'layout' && value.startsWith(ofMatrix))

/** A rating matrix, perhaps with a column for the time of each row. */
type TimedMatrix = RatingMatrix & { readonly time: TimeOfRows | null }

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
 * @param reading the user's choices; what is missing is detected
 */
export async function matrixText(
  table: Table,
  file: string,
  conversion: Conversion,
  reading: ReadingOverrides,
): Promise<MatrixText | Untouched> {
  const { dialect } = table
  const { layout: wanted } = reading
  const untouched = (choices: readonly Choice[] = []): Untouched => ({
    choices: [...choices, ...withoutEffect(file, reading)],
  })
  if (wanted === 'list' || wanted === 'groups' || (dialect.columns.length <= fewestAlike && wanted === undefined))
    return untouched()
  const rows = await firstRowsOf(table, rowsToSample(dialect.columns.length))
  const names = dialect.named ? dialect.columns.map(({ name }) => name) : null
  const sample = sampleOf(names, rows)
  // Totals of months are no ratings of items.
  if (wanted === undefined && names && 2 * names.filter(isMonth).length > names.length) return untouched()
  if (wanted === undefined && names && areYears(names.slice(1))) {
    const alike = looksLikeMatrix(sample)
    return untouched(alike ? [mayBeMatrix(file, alike, names)] : [])
  }
  // Course A, Course B and so on are many items, not the item of a row.
  const items = names?.filter((name) => roleOfName(name)?.role === 'item').length ?? 0
  const namesList = wanted === undefined && names && nameInteractions(names) && items < fewestColumns
  // The author in a table of books wrote them, and may have reviewed them.
  if (namesList && nameInteractions(names.filter((name) => !saysMaker(name)))) {
    // “Film A” and “Film B” are items of a matrix as well as names of columns with items.
    const alike = items > 1 ? looksLikeMatrix(sample) : null
    return untouched(alike ? [mayBeMatrix(file, alike, names)] : [])
  }
  const { said, unknown } = saidOfColumns(reading, names, dialect.columns.length)
  const found = ratingMatrix(sample, said, namesList === true)
  if (!found && wanted !== undefined)
    throw badInput(
      `${file} is not a rating matrix: a matrix has one row per user or item, and at least two columns with numbers on one scale or with the same few words, or three with dates.`,
      'Choose the layout “List” (--layout list; in the app: Layout).',
    )
  if (found) {
    const matrix = wanted === undefined ? found : asWanted(found, wanted)
    const others = matrix.leftOut.map(({ column }) => column).filter((column) => !said.drop.has(column))
    const time = matrix.rows === 'users' && names && !matrix.dated ? timeOfRows(names, sample.rows, others) : null
    const list = await writeList(table, file, conversion, { ...matrix, time }, said)
    return { ...list, choices: [...list.choices, ...unknownColumns(file, unknown)] }
  }
  const alike = looksLikeMatrix(sample)
  return untouched(alike ? [mayBeMatrix(file, alike, names)] : [])
}

/** Whether names are consecutive years, whose columns have totals rather than ratings of items. */
const areYears = (names: readonly string[]): boolean =>
  names.length > 1 &&
  names.every((name, at) => /^(?:19|20)\d\d$/.test(name) && (at === 0 || Number(name) === Number(names[at - 1]) + 1))

/** Maximum number of cells by which a matrix is recognised: very wide ones have fewer rows in the sample. */
const sampledCells = 2_000_000
const fewestSampled = 100
const rowsToSample = (width: number): number =>
  Math.max(fewestSampled, Math.min(sampledRows, Math.floor(sampledCells / Math.max(1, width))))

/** The columns that the user named, by their positions; columns without names are numbered from 1. */
function saidOfColumns(
  { layout, dropColumns = [], keepColumns = [], notRated }: ReadingOverrides,
  names: readonly string[] | null,
  width: number,
): { said: SaidOfMatrix; unknown: readonly string[] } {
  const unknown = new Set<string>()
  const positions = (wanted: readonly string[]): ReadonlySet<number> =>
    new Set(
      wanted.flatMap((name) => {
        const found = names ? names.flatMap((one, at) => (one.trim() === name.trim() ? [at] : [])) : [Number(name) - 1]
        const inside = found.filter((at) => Number.isInteger(at) && at >= 0 && at < width)
        if (inside.length === 0) unknown.add(name)
        return inside
      }),
    )
  const drop = positions(dropColumns)
  const keep = positions(keepColumns)
  return {
    said: {
      layout: layout !== undefined,
      drop,
      keep: new Set([...keep].filter((column) => !drop.has(column))),
      notRated: notRated?.map((text) => text.replace(',', '.')),
    },
    unknown: [...unknown],
  }
}

const aboutColumns = (file: string, control: 'Leave out columns' | 'Take in columns') =>
  ({
    about: 'layout',
    file,
    column: null,
    affectsData: true,
    control,
  }) as const

const unknownColumns = (file: string, unknown: readonly string[]): Choice[] =>
  unknown.length === 0
    ? []
    : [
        {
          ...aboutColumns(file, 'Leave out columns'),
          value: `no column to leave out or to take in is called ${unknown.map((name) => `“${name}”`).join(', ')}`,
          certainty: 'guess',
          evidence: 'The header has no such name.',
          option: '--drop-columns or --keep-columns with the names exactly as in the header',
        },
      ]

/** What was said about the columns of a matrix has no effect on a list. */
function withoutEffect(file: string, { dropColumns, keepColumns }: ReadingOverrides): Choice[] {
  const options = [...(dropColumns ? ['--drop-columns'] : []), ...(keepColumns ? ['--keep-columns'] : [])]
  if (options.length === 0) return []
  return [
    {
      about: 'layout',
      file,
      column: null,
      value: `list, for which ${options.join(' and ')} ${options.length === 1 ? 'has' : 'have'} no effect`,
      certainty: 'guess',
      evidence: 'Only the columns of a rating matrix are left out or taken in.',
      affectsData: true,
      control: 'Layout',
      option: '--layout matrix',
    },
  ]
}

/** The matrix with the orientation that the user chose; still a guess if its names contradict that. */
function asWanted(matrix: RatingMatrix, wanted: RowLayout): RatingMatrix {
  const rows = wanted === 'matrix-of-items' ? 'items' : 'users'
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
const isMaximum = (cells: readonly string[], isFirst: boolean): boolean =>
  cells.slice(0, 2).some((cell) => maximumName(cell, isFirst))

/** The rows that are not summaries of others, with the maxima of the columns. */
function sampleOf(names: readonly string[] | null, rows: readonly string[][]): MatrixSample {
  const last = rows.findLastIndex((row) => !isSummary(row))
  const maxima = rows.find((row, at) => isMaximum(row, at === 0))
  return {
    names,
    rows: rows.slice(0, last + 1).filter((row) => row !== maxima),
    ...(maxima ? { maxima: maxima.map((cell) => cellOf(cell) ?? null) } : {}),
  }
}

/** Rows named like summaries, and whether their numbers are the summaries of the rows before. */
interface SummaryRow {
  readonly row: TableRow
  readonly fits: boolean
  /** Whether it has the largest possible number of each column. */
  readonly isMaximum: boolean
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
  matrix: TimedMatrix,
  said: SaidOfMatrix,
): Promise<MatrixText> {
  const { dialect } = table
  const unrated = new Set(matrix.scale?.missing.map(({ number }) => number))
  const width = matrix.columns.length
  // A column without ratings is an item all the same: another export of the same columns has to give the others the same numbers.
  const besides = new Set([
    ...[matrix.ids, matrix.time?.column ?? null].filter((column) => column !== null),
    ...matrix.leftOut.filter(({ because }) => because !== emptyColumn).map(({ column }) => column),
  ])
  const numberOf = (column: number): number => column + 1 - [...besides].filter((other) => other < column).length
  const columnIds = matrix.columns.map((column) =>
    dialect.named ? gridItem(dialect.columns[column]?.name ?? '') : String(numberOf(column)),
  )
  const titles =
    matrix.rows === 'users' && dialect.titles
      ? lastParts(matrix.columns.map((column) => dialect.titles?.[column] ?? ''))
      : null
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
    const time = matrix.time ? [cells[matrix.time.column] ?? ''] : []
    const rowId = matrix.ids === null ? String(lines.length) : (cells[matrix.ids] ?? '')
    for (const [position, column] of matrix.columns.entries()) {
      const text = cells[column] ?? ''
      const rating = cellOf(text, matrix.unratedWords)
      if (rating === null || (rating !== undefined && unrated.has(rating))) {
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
      const value = rating === undefined || matrix.scale === null ? text : String(rating)
      await writer.row([...ids, value, ...time, ...(titles ? [titles[position] ?? ''] : [])])
    }
  }
  const leftOut: SummaryRow[] = []
  // Rows named like summaries are summaries only at the end.
  let held: SummaryRow[] = []
  try {
    for await (const row of rowsOf(table)) {
      if (isMaximum(row.cells, lines.length === 0)) leftOut.push({ row, fits: true, isMaximum: true })
      else if (isSummary(row.cells))
        held.push({ row, isMaximum: false, fits: sums.fit(matrix.columns.map((column) => row.cells[column] ?? '')) })
      else {
        for (const one of held) await write(one.row)
        held = []
        await write(row)
      }
      if (!writer.wantsMore) break
    }
    leftOut.push(...held)
    const { path, dialect: listDialect } = await writer.end([
      'user',
      'item',
      matrix.dated ? 'time' : 'rating',
      ...(matrix.time ? ['time'] : []),
      ...(titles ? ['title'] : []),
    ])
    return {
      path,
      dialect: listDialect,
      choices: choicesOf(
        file,
        matrix,
        dialect.named ? dialect.columns.map(({ name }) => name) : null,
        [...beyond],
        leftOut,
        said,
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
  matrix: TimedMatrix,
  names: readonly string[] | null,
  beyond: readonly (readonly [number, number])[],
  summaries: readonly SummaryRow[],
  said: SaidOfMatrix,
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
  const nameOf = (position: number): string => names?.[position] ?? String(position + 1)
  const called = (position: number): string => (names ? `“${nameOf(position)}”` : nameOf(position))
  const choices: Choice[] = [
    {
      ...about,
      value: `${ofMatrix}${isOfItems ? ' of items' : ''}, read as a list`,
      certainty: matrix.mayBeList ? 'guess' : 'likely',
      evidence: [
        `${columns} contain ${scale ? `ratings from ${scale.range[0]} to ${scale.range[1]}` : matrix.dated ? 'dates' : 'the same few words'} or nothing (${formatShare(matrix.filled)} filled).`,
        ...ids,
        ...nameless,
        ...(matrix.mayBeList ? ['In a list, they would be other data about each row.'] : []),
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
  const dropping = aboutColumns(file, 'Leave out columns')
  const keeping = aboutColumns(file, 'Take in columns')
  if (matrix.ids !== null && matrix.repeatedIds > 0)
    choices.push({
      ...dropping,
      value: `column ${called(matrix.ids)} identifies the ${row}s`,
      certainty: 'guess',
      evidence: `${formatCounted(matrix.repeatedIds, 'row')} of the first ones ${matrix.repeatedIds === 1 ? 'shares' : 'share'} an id, and so would become fewer ${row}s.`,
      option: `--drop-columns ${asOption([nameOf(matrix.ids)])}`,
    })
  const { time } = matrix
  if (time)
    choices.push({
      ...dropping,
      value: `column ${called(time.column)} is the time of all ratings of its row`,
      certainty: 'likely',
      evidence: `Its name says so, and every row has a time in it.${time.others.length > 0 ? ` ${time.others.map(called).join(', ')} ${time.others.length === 1 ? 'has' : 'have'} times, too.` : ''}`,
      option: `--drop-columns ${asOption([nameOf(time.column)])}`,
    })
  for (const { column: position, certainty, because } of matrix.leftOut.filter(
    ({ column: one }) => one !== time?.column,
  ))
    choices.push(
      said.drop.has(position)
        ? {
            ...dropping,
            value: `column ${called(position)} left out`,
            certainty: 'certain',
            evidence: wasChosen,
            option: '--drop-columns',
          }
        : {
            ...keeping,
            value: `column ${called(position)} left out`,
            certainty,
            evidence: `It ${because}.`,
            option: `--keep-columns ${asOption([nameOf(position)])}`,
          },
    )
  for (const { column: position, certainty, because } of matrix.doubtful)
    choices.push({
      ...dropping,
      value: `column ${called(position)} is ${column === 'item' ? 'an' : 'a'} ${column}`,
      certainty,
      evidence: `It ${because}.`,
      option: `--drop-columns ${asOption([nameOf(position)])}`,
    })
  const { scales } = matrix
  if (scales)
    choices.push({
      ...dropping,
      value: 'columns with ratings on different scales, stored as they are written',
      certainty: 'guess',
      evidence: `Column ${called(scales[0].column)} goes up to ${scales[0].most}, ${called(scales[1].column)} up to ${scales[1].most}. One threshold for what counts as liked applies to all of them, so ${scales[0].most} of ${scales[0].most} counts less than ${scales[0].most + 1} of ${scales[1].most}.`,
      option: '--drop-columns with the columns of other scales, or divide the numbers of each column by its maximum',
    })
  for (const { row: left, fits, isMaximum } of summaries)
    choices.push({
      ...about,
      value: `line ${formatCount(left.line)}, “${(left.cells.find((cell) => cell.trim() !== '') ?? '').trim()}”, left out`,
      certainty: fits ? 'likely' : 'guess',
      evidence: isMaximum
        ? 'It has the largest possible number of each column.'
        : fits
          ? 'It summarises the other rows.'
          : 'It is named like a summary of the other rows, although its numbers do not match them.',
    })
  const unrated = {
    ...about,
    control: 'Not rated',
    option: '--not-rated none, or --not-rated with other numbers or words',
  } as const
  for (const word of matrix.unratedWords)
    choices.push({
      ...unrated,
      value: `“${word}” means not rated`,
      certainty: said.notRated ? 'certain' : 'likely',
      evidence: said.notRated ? wasChosen : 'Most columns of numbers have this word in some rows.',
    })
  for (const { number, certainty, evidence } of scale?.missing ?? [])
    choices.push({ ...unrated, value: `${number} means not rated`, certainty, evidence })
  const [first] = beyond
  if (first)
    choices.push({
      ...about,
      value: `${first[0]} is a rating`,
      certainty: 'guess',
      evidence: `Line ${first[1]} contains ${first[0]}, which is outside the scale of the first rows, ${scale?.range[0]} to ${scale?.range[1]}.`,
      control: 'Not rated',
      option: `--not-rated ${first[0]}`,
    })
  return choices
}

/** Names as the value of an option, for a shell: those with commas have quotes of their own. */
function asOption(names: readonly string[]): string {
  const list = names.map((name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(',')
  return list.includes('"') ? `'${list}'` : `"${list}"`
}
