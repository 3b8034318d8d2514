import type { Certainty } from '../../shared/certainty'
import { formatCount } from '../../shared/format'
import { idRank, type MatrixRows, matrixRows, summaryName, tellsOther } from './matrix-names'

/** A column of a matrix without ratings. */
export interface LeftOut {
  readonly column: number
  readonly certainty: Certainty
  /** The evidence, as the end of a sentence that begins with the column. */
  readonly because: string
}

/** A table with one row per user and one column per item, or the other way round. */
export interface RatingMatrix extends MatrixRows {
  /** Position of the column with the row ids; null if there are none. */
  readonly ids: number | null
  /** Positions of the columns with ratings. */
  readonly columns: readonly number[]
  readonly leftOut: readonly LeftOut[]
  /** The scale of the ratings; null if they are words. */
  readonly scale: Scale | null
  /** Share of the cells that are ratings. */
  readonly filled: number
}

interface Scale {
  /** Numbers that mean "not rated", in addition to empty cells. */
  readonly missing: readonly number[]
  /** Smallest and largest rating. */
  readonly range: readonly [number, number]
}

/** The first rows of a table and its column names; null if it has no header. */
export interface MatrixSample {
  readonly names: readonly string[] | null
  readonly rows: readonly (readonly string[])[]
}

/** With fewer columns of ratings, a table is a matrix only if the user chose that layout: a list may also have some columns of numbers. */
export const fewestColumns = 8
/** With fewer columns of the same few values, a table does not even look like a matrix. */
export const fewestAlike = 3
/** Maximum number of numeric columns of a matrix without ratings: an id, a count. */
const mostOthers = 2
/** Maximum number of distinct words or numbers in all columns of ratings together. */
const fewValues = 12

/** Maximum share of the filled cells of a rating column that are not numbers. */
const mostTexts = 0.1

/** Tick marks: a mark means that a row has the column's item. */
const marks = new Set(['x', '✓', '✔', '☑', '✗', '☒', '•', '●'])

const blanks = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '-', '?'])

/** The rating in a cell, 1 for a mark; null for an empty cell, undefined for text. */
export function cellOf(text: string): number | null | undefined {
  const cell = text.trim()
  if (blanks.has(cell.toLowerCase())) return null
  if (marks.has(cell.toLowerCase())) return 1
  const number = Number(cell.replace(',', '.'))
  return Number.isFinite(number) ? number : undefined
}

const isWhole = (numbers: readonly number[]): boolean => numbers.every(Number.isInteger)

/**
 * The number that means "not rated": one beyond a gap that is wider than the whole scale (99 with −10 … 10), or a zero (−1) that most
 * cells contain while the ratings begin above it.
 */
function missingNumbers(counts: ReadonlyMap<number, number>): number[] {
  const values = [...counts.keys()].sort((a, b) => a - b)
  const total = [...counts.values()].reduce((sum, times) => sum + times, 0)
  const [first, second] = values
  const [last, before] = [values.at(-1), values.at(-2)]
  const found: number[] = []
  if (
    last !== undefined &&
    before !== undefined &&
    first !== undefined &&
    values.length > 2 &&
    last - before > before - first + 1
  )
    found.push(last)
  const below = first === 0 || first === -1
  if (below && second !== undefined && second > 0 && 2 * (counts.get(first) ?? 0) >= total) found.push(first)
  return found
}

interface Column {
  readonly column: number
  readonly numbers: readonly number[]
  /** Number of filled cells that are not numbers. */
  readonly texts: readonly string[]
}

function columnsOf(rows: MatrixSample['rows']): Column[] {
  const width = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: width }, (_, column) => {
    const cells = rows.map((row) => row[column] ?? '')
    return {
      column,
      numbers: cells.map(cellOf).filter((cell) => typeof cell === 'number'),
      texts: cells.filter((cell) => cellOf(cell) === undefined).map((cell) => cell.trim()),
    }
  })
}

// Single cells that are not numbers will be rejected; a column with many of them does not contain ratings.
const isNumeric = ({ texts, numbers }: Column): boolean => texts.length <= mostTexts * (texts.length + numbers.length)

/**
 * Recognises a rating matrix by its cells and names; null if the table is a list. Almost all columns contain numbers of one scale or nothing;
 * other columns (age, city, an average) are left out.
 * @param wanted whether the user chose the layout matrix: then few columns are enough, and words may be ratings
 */
export function ratingMatrix(sample: MatrixSample, wanted: boolean): RatingMatrix | null {
  const { names, rows } = sample
  const all = columnsOf(rows)
  if (rows.length < 2 || all.length < fewestAlike) return null
  const grid = names ? gridColumns(names) : null
  const numeric = all.filter((column) => isNumeric(column) && (!grid || grid.has(column.column)))
  // If there are only ticks, every column is the mean of the others.
  const ticked = rows.some((row) => row.some((cell) => marks.has(cell.trim().toLowerCase())))
  const summaries = grid || ticked ? [] : summaryColumns(sample, numeric)
  const summarised = new Set(summaries.map(({ column }) => column))
  const plain = numeric.filter(({ column }) => !summarised.has(column))
  const others = grid ? { ids: null, count: null } : othersOf(rows, plain)
  const ids = idColumn(sample, all, others.ids)
  const rest = plain.filter(({ column }) => column !== ids && column !== others.count)
  const strange = grid ? [] : offScale(rest, names)
  const rated = rest.filter(({ column }) => !strange.some((one) => one.column === column))
  const words = wanted && rated.length < 2 ? alikeWords(all, ids, names) : []
  const columns = (words.length > 0 ? words : rated).map(({ column }) => column)
  const leftOut = [
    ...summaries,
    ...(others.count === null
      ? []
      : [{ column: others.count, certainty: 'likely' as const, because: 'counts the ratings of its row' }]),
    ...strange,
    ...all
      .map(({ column }) => column)
      .filter((column) => column !== ids && !columns.includes(column) && !rest.some((one) => one.column === column))
      .filter((column) => !summarised.has(column) && column !== others.count)
      .map((column) => ({ column, certainty: 'likely' as const, because: 'contains other values than the ratings' })),
  ].sort((a, b) => a.column - b.column)
  if (columns.length < (wanted ? 2 : grid ? fewestAlike : fewestColumns)) return null
  // A table that could also be a list with many features is not a matrix.
  const unsure = leftOut.length - summaries.length - (others.count === null ? 0 : 1)
  if (!wanted && !grid && unsure > 0 && (ids === null || !isUnique(rows, ids) || 2 * unsure > columns.length))
    return null
  const scale = words.length > 0 ? null : scaleOf(rated)
  if (words.length === 0 && (!scale || (!wanted && !shareScale(rated, scale)))) return null
  const filled = columns.flatMap((column) =>
    rows
      .map((row) => cellOf(row[column] ?? ''))
      .filter((cell) => cell !== null && !scale?.missing.includes(cell ?? NaN)),
  )
  return {
    ...matrixRows(
      names && { ids: ids === null ? null : (names[ids] ?? ''), columns: columns.map((column) => names[column] ?? '') },
      ids === null ? null : rows.map((row) => row[ids] ?? ''),
    ),
    ids,
    columns,
    leftOut,
    scale,
    filled: filled.length / (rows.length * columns.length),
  }
}

/**
 * The columns by which a list might still be a matrix, with the column that differs in each row: three or more, and over half of all, have
 * the same few values. Null if there is no such evidence.
 */
export function looksLikeMatrix({ names, rows }: MatrixSample): { ids: number; columns: readonly number[] } | null {
  const all = columnsOf(rows)
  if (rows.length < 3) return null
  const unique = all.find(({ column }) => isUnique(rows, column) && (names ? !isTimes(rows, column) : true))?.column
  if (unique === undefined) return null
  const others = all.filter(
    ({ column }) => !isUnique(rows, column) && column !== unique && !(names && summaryName(names[column] ?? '')),
  )
  const numeric = all.filter(
    (one) => one.column !== unique && isNumeric(one) && !summaryName(names?.[one.column] ?? ''),
  )
  const strange = offScale(numeric, names).map(({ column }) => column)
  const numbers = numeric.filter(({ column }) => !strange.includes(column))
  // A year or an id in parentheses: Alien (1979), and Canvas's Quiz 1 (4711).
  const numbered = numbers.filter(({ column }) => /\S\s*\(\d{3,}\)\s*$/.test(names?.[column] ?? ''))
  const values = (columns: readonly Column[]): number =>
    new Set(columns.flatMap((one) => [...one.numbers, ...one.texts])).size
  const alike = [numbered, numbers, alikeWords(all, unique, names)].find(
    (columns) =>
      columns.length >= fewestAlike &&
      2 * columns.length > others.length &&
      (columns === numbered || values(columns) <= fewValues),
  )
  return alike ? { ids: unique, columns: alike.map(({ column }) => column) } : null
}

/** Columns of forms, each of them an item: “Rate these films [Alien]”, “Rate these films [Brazil]”. */
const gridName = /^(.*\S)\s*\[(.+)\]\s*$/

function gridColumns(names: readonly string[]): ReadonlySet<number> | null {
  const found = names.flatMap((name, column) => {
    const question = gridName.exec(name)?.[1]
    return question === undefined ? [] : [{ column, question }]
  })
  return found.length >= fewestAlike && new Set(found.map(({ question }) => question)).size === 1
    ? new Set(found.map(({ column }) => column))
    : null
}

/** The item in the column name of a form: “Rate these films [Alien]” is Alien. */
export const gridItem = (name: string): string => gridName.exec(name)?.[2] ?? name

const isUnique = (rows: MatrixSample['rows'], column: number): boolean => {
  const cells = rows.map((row) => (row[column] ?? '').trim())
  return cells.every((cell) => cell !== '') && new Set(cells).size === cells.length
}

const isTimes = (rows: MatrixSample['rows'], column: number): boolean =>
  rows.every((row) => /^\s*$|^\D{0,5}\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}\b/.test(row[column] ?? ''))

/** The column with the row ids: by its name, else a text at the beginning, else numbers that are all different. */
function idColumn({ names, rows }: MatrixSample, all: readonly Column[], numbers: number | null): number | null {
  const byName = names
    ?.map((name, column) => ({ column, rank: idRank(name) }))
    .filter(({ column }) => isUnique(rows, column) && !isTimes(rows, column) && !gridName.test(names[column] ?? ''))
    // user_1 with numbers in it is a column of ratings, Email Address with texts in it is not.
    .filter(
      ({ column, rank }) =>
        rank !== null && (Math.floor(rank / 10) !== 1 || all.some((one) => one.column === column && !isNumeric(one))),
    )
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))[0]?.column
  if (byName !== undefined) return byName
  const [first] = all
  if (first && !isNumeric(first) && !isTimes(rows, 0)) return 0
  if (numbers !== null) return numbers
  return all.find((one) => !isNumeric(one) && isUnique(rows, one.column) && !isTimes(rows, one.column))?.column ?? null
}

/** Minimum share of numbers beyond the scale of the other columns. */
const usualMissing: ReadonlySet<number> = new Set([99, 999, -99, -999])
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/** Numeric columns without ratings: most of their numbers are beyond the scale of the others, like ages, or their names show it. */
function offScale(columns: readonly Column[], names: readonly string[] | null): LeftOut[] {
  const rated = columns.flatMap(({ column, numbers }) => {
    const ratings = numbers.filter((number) => !usualMissing.has(number))
    return ratings.length === 0 ? [] : [{ column, ratings, least: Math.min(...ratings), most: Math.max(...ratings) }]
  })
  const [least, most] = [median(rated.map((one) => one.least)), median(rated.map((one) => one.most))]
  // With few ratings, even columns of one scale have different ranges.
  const around = Math.max(3, most - least)
  const mostlyBeyond = (ratings: readonly number[], low: number, high: number): boolean =>
    2 * ratings.filter((number) => number < low || number > high).length > ratings.length
  const isFar = ({ ratings }: { ratings: readonly number[] }): boolean =>
    mostlyBeyond(ratings, least - around, most + around)
  const near = rated.filter((one) => !isFar(one))
  const [low, high] = [Math.min(...near.map((one) => one.least)), Math.max(...near.map((one) => one.most))]
  return rated.flatMap(({ column, ratings, ...range }): LeftOut[] => {
    if (isFar({ ratings }) && mostlyBeyond(ratings, low, high))
      return [
        {
          column,
          certainty: 'likely',
          because: `has numbers from ${range.least} to ${range.most}, while the others have ${low} to ${high}`,
        },
      ]
    return names && tellsOther(names[column] ?? '')
      ? [
          {
            column,
            certainty: 'guess',
            because: 'is not named like an item, although its numbers are on the same scale',
          },
        ]
      : []
  })
}

/** Columns of the same few words. */
function alikeWords(all: readonly Column[], ids: number | null, names: readonly string[] | null): Column[] {
  const worded = all.filter(
    ({ column, texts, numbers }) =>
      column !== ids &&
      texts.length > numbers.length &&
      new Set(texts).size <= fewValues &&
      !(names && tellsOther(names[column] ?? '')),
  )
  const columnsWith = new Map<string, number>()
  for (const { texts } of worded)
    for (const word of new Set(texts)) columnsWith.set(word, (columnsWith.get(word) ?? 0) + 1)
  const alike = worded.filter(
    ({ texts }) => 3 * texts.filter((word) => (columnsWith.get(word) ?? 0) > 1).length >= texts.length,
  )
  return alike.length < 2 ? [] : alike
}

function scaleOf(columns: readonly Column[]): Scale | null {
  const counts = new Map<number, number>()
  for (const { numbers } of columns) for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  const missing = missingNumbers(counts)
  const ratings = [...counts.keys()].filter((number) => !missing.includes(number))
  return ratings.length === 0 ? null : { missing, range: [Math.min(...ratings), Math.max(...ratings)] }
}

/** Row ids and counts of ratings among the first numeric columns. */
function othersOf(
  rows: MatrixSample['rows'],
  columns: readonly Column[],
): { ids: number | null; count: number | null } {
  let [ids, count]: [number | null, number | null] = [null, null]
  for (const { column, numbers } of columns.slice(0, mostOthers)) {
    if (numbers.length < rows.length || !isWhole(numbers)) continue
    const others = columns.filter((other) => other.column !== column)
    if (
      count === null &&
      summaryOf(
        rows,
        column,
        others.map((other) => other.column).filter((other) => other !== ids),
        ['counts'],
      )
    )
      count = column
    else if (ids === null && areIds(numbers, others)) ids = column
  }
  return { ids, count }
}

/** Whether numbers are row numbers: all different, and also rising if there are so few rows that ratings might all be different. */
function areIds(numbers: readonly number[], others: readonly Column[]): boolean {
  if (new Set(numbers).size !== numbers.length) return false
  const ratings = others.flatMap((other) => other.numbers)
  const [least, most] = [Math.min(...ratings), Math.max(...ratings)]
  const isRising = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))
  return isRising || !numbers.every((number) => number >= least && number <= most)
}

/** Summary columns: by their names, or because the numbers at the end of each row summarise the others. */
function summaryColumns({ names, rows }: MatrixSample, numeric: readonly Column[]): LeftOut[] {
  const summaries = new Set(names?.flatMap((name, column) => (summaryName(name) ? [column] : [])))
  const others = numeric.map(({ column }) => column).filter((column) => !summaries.has(column))
  return numeric.flatMap(({ column, numbers }, position): LeftOut[] => {
    const isLast = position >= numeric.length - mostOthers
    const fits =
      summaries.has(column) || isLast
        ? summaryOf(
            rows,
            column,
            others.filter((other) => other !== column),
          )
        : null
    if (summaries.has(column))
      return [
        fits
          ? { column, certainty: 'likely', because: `${fits} the others of each row, in agreement with its name` }
          : { column, certainty: 'guess', because: 'is named like a summary of the others' },
      ]
    const ratings = new Set(
      numeric
        .filter((other) => others.includes(other.column) && other.column !== column)
        .flatMap((other) => other.numbers),
    )
    const isOther = rows.length >= 5 && new Set(numbers).size > 2 && numbers.some((number) => !ratings.has(number))
    return fits && isOther ? [{ column, certainty: 'likely', because: `${fits} the others of each row` }] : []
  })
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
const waysToSumUp = {
  counts: (numbers: readonly number[]) => numbers.length,
  'adds up': sumOf,
  'is the mean of': (numbers: readonly number[]) => (numbers.length === 0 ? NaN : sumOf(numbers) / numbers.length),
} as const
type Summary = keyof typeof waysToSumUp

/** How a column summarises the others, for any number that means "not rated"; null if it does not. */
function summaryOf(
  rows: MatrixSample['rows'],
  column: number,
  others: readonly number[],
  ways = Object.keys(waysToSumUp) as Summary[],
): Summary | null {
  const fits = (way: Summary, none: number | null): boolean =>
    rows.every((row) => {
      const text = (row[column] ?? '').trim()
      const number = cellOf(text)
      const ratings = others
        .map((other) => cellOf(row[other] ?? ''))
        .filter((cell) => typeof cell === 'number' && cell !== none) as number[]
      if (typeof number !== 'number') return number === null && ratings.length === 0
      return isRounded(number, text, waysToSumUp[way](ratings)) || (number === 0 && ratings.length === 0)
    })
  return ways.find((way) => [null, 99, 0, -1].some((none) => fits(way, none))) ?? null
}

/** Whether two numbers are equal up to the rounding of their notation. */
export function isRounded(number: number, text: string, exact: number): boolean {
  const decimals = /[.,](\d+)$/.exec(text)?.[1]?.length ?? 0
  return Math.abs(number - exact) <= 0.5 * 10 ** -decimals + 1e-9
}

/** With fewer ratings, the ranges of columns prove nothing. */
const fewestSpans = 3

/** Whether the scale is one of ratings, and half of the columns with several distinct values span over a third of it. */
function shareScale(columns: readonly Column[], { missing, range: [least, most] }: Scale): boolean {
  // No rating scale is wider, and columns that measure different things do not share a scale.
  if (most - least > 100) return false
  const spans = columns.flatMap(({ numbers }) => {
    const ratings = numbers.filter((number) => !missing.includes(number))
    return new Set(ratings).size < 3 ? [] : [Math.max(...ratings) - Math.min(...ratings)]
  })
  return spans.length < fewestSpans || 2 * spans.filter((span) => 3 * span >= most - least).length >= spans.length
}

/** A list of columns for a sentence: “Alien, Brazil and 6 others”. */
export function namesOf(columns: readonly number[], names: readonly string[] | null): string {
  const words = columns.map((column) => names?.[column] ?? formatCount(column + 1))
  return words.length <= 3
    ? words.join(', ')
    : `${words.slice(0, 2).join(', ')} and ${formatCount(words.length - 2)} others`
}
