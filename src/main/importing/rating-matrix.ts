/** A table with one row for each user and one column for each item. */
export interface RatingMatrix {
  /** Position of the column with the users' ids; null where they have none. */
  readonly users: number | null
  /** Positions of the columns that hold ratings. */
  readonly items: readonly number[]
  /** Position of a column that only counts the ratings of its row, as Jester's first. */
  readonly count: number | null
  /** Numbers that stand for “not rated”, beside empty cells. */
  readonly missing: readonly number[]
  /** Smallest and largest rating. */
  readonly range: readonly [number, number]
  /** Share of the cells that are ratings. */
  readonly filled: number
}

/** Fewer columns of ratings are no matrix: a list may have some columns of numbers, too. */
export const fewestItems = 8
/** Columns of a matrix that are no ratings: an id, a count. */
const mostOthers = 2

/** Share of the filled cells of a column of ratings that may be no numbers. */
const mostTexts = 0.1

const blanks = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '-', '?'])

/** A rating of a cell: null for an empty one, undefined for a text. */
export function cellOf(text: string): number | null | undefined {
  const cell = text.trim()
  if (blanks.has(cell.toLowerCase())) return null
  const number = Number(cell.replace(',', '.'))
  return Number.isFinite(number) ? number : undefined
}

const isWhole = (numbers: readonly number[]): boolean => numbers.every(Number.isInteger)

/**
 * The number that stands for “not rated”: one beyond a gap that is wider than all of the scale (99 beside −10 … 10), or a zero (−1) that most
 * cells hold while the ratings begin above it.
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

/**
 * Recognises a rating matrix by its cells; null where the table is a list. Almost all columns hold numbers of one scale or nothing.
 * @param rows cells of the first rows, without the header
 * @param hasItems whether a column is called as the items of a list are
 */
export function ratingMatrix(rows: readonly (readonly string[])[], hasItems: boolean): RatingMatrix | null {
  const width = Math.max(0, ...rows.map((row) => row.length))
  if (hasItems || rows.length < 2 || width < fewestItems) return null
  const columns = Array.from({ length: width }, (_, column) => {
    const cells = rows.map((row) => cellOf(row[column] ?? ''))
    const numbers = cells.filter((cell) => typeof cell === 'number')
    return { column, numbers, texts: cells.filter((cell) => cell === undefined).length }
  })
  // Single cells that are no numbers will be rejected; a column of them is none of ratings.
  const numeric = columns.filter(({ texts, numbers }) => texts <= mostTexts * (texts + numbers.length))
  if (width - numeric.length > 1) return null
  const others = othersOf(rows, numeric)
  const items = numeric.filter(({ column }) => column !== others.users && column !== others.count)
  const textColumn = columns.find((column) => !numeric.includes(column))?.column ?? null
  // A text in the middle is no id of the row.
  if (textColumn !== null && (textColumn !== 0 || others.users !== null)) return null
  if (items.length < fewestItems || width - items.length > mostOthers) return null
  const counts = new Map<number, number>()
  for (const { numbers } of items) for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  const missing = missingNumbers(counts)
  const ratings = [...counts.keys()].filter((number) => !missing.includes(number))
  const [least, most] = [Math.min(...ratings), Math.max(...ratings)]
  // No scale of ratings is wider, and columns that measure different things do not share one.
  if (ratings.length === 0 || most - least > 100 || !shareScale(items, missing, most - least)) return null
  const cells = rows.length * items.length
  const filled = [...counts].reduce((sum, [number, times]) => sum + (missing.includes(number) ? 0 : times), 0)
  return {
    users: textColumn ?? others.users,
    count: others.count,
    items: items.map(({ column }) => column),
    missing,
    range: [least, most],
    filled: filled / cells,
  }
}

interface NumberColumn {
  readonly column: number
  readonly numbers: readonly number[]
}

/** Ids of users, and counts of ratings, among the first columns of numbers. */
function othersOf(
  rows: readonly (readonly string[])[],
  columns: readonly NumberColumn[],
): { users: number | null; count: number | null } {
  let [users, count]: [number | null, number | null] = [null, null]
  for (const { column, numbers } of columns.slice(0, mostOthers)) {
    if (numbers.length < rows.length || !isWhole(numbers)) continue
    const others = columns
      .filter((other) => other.column !== column && other.column !== users)
      .map((other) => other.column)
    if (count === null && countsRatings(rows, numbers, others)) count = column
    else if (
      users === null &&
      areIds(
        numbers,
        columns.filter((other) => other.column !== column),
      )
    )
      users = column
  }
  return { users, count }
}

/** Whether numbers are those of users: all different, and rising where the ratings of few users might be all different, too. */
function areIds(numbers: readonly number[], others: readonly NumberColumn[]): boolean {
  if (new Set(numbers).size !== numbers.length) return false
  const ratings = others.flatMap((other) => other.numbers)
  const [least, most] = [Math.min(...ratings), Math.max(...ratings)]
  const isRising = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))
  return isRising || !numbers.every((number) => number >= least && number <= most)
}

/** Whether numbers say how many cells of their rows are filled, whatever number stands for none. */
const countsRatings = (
  rows: readonly (readonly string[])[],
  numbers: readonly number[],
  others: readonly number[],
): boolean =>
  [null, 99, 0, -1].some((none) =>
    rows.every((row, at) => {
      const cells = others.map((column) => cellOf(row[column] ?? ''))
      return cells.filter((cell) => typeof cell === 'number' && cell !== none).length === numbers[at]
    }),
  )

/** Columns whose spans tell nothing yet: few users have rated few items. */
const fewestSpans = 3

/** Whether half of the columns that hold several different ratings reach over a third of the scale. */
function shareScale(columns: readonly NumberColumn[], missing: readonly number[], range: number): boolean {
  const spans = columns.flatMap(({ numbers }) => {
    const ratings = numbers.filter((number) => !missing.includes(number))
    return new Set(ratings).size < 3 ? [] : [Math.max(...ratings) - Math.min(...ratings)]
  })
  return spans.length < fewestSpans || 2 * spans.filter((span) => 3 * span >= range).length >= spans.length
}
