import type { Certainty } from '../../shared/certainty'
import type { Column, MatrixSample } from './matrix-cells'
import { isKeyName, mayTellOther, summaryName, tellsOther } from './matrix-names'
import { hardly, isUnlikely, ofChance } from './matrix-chance'
import { codesBeyondScales, notRatedNumbers } from './not-rated'

/** A column of a matrix with the evidence for what it is taken for, as the end of a sentence that begins with the column. */
export interface Judged {
  readonly column: number
  readonly certainty: Certainty
  readonly because: string
}

/** The numeric columns of a matrix: ratings, and others. */
interface JudgedColumns {
  readonly rated: readonly Column[]
  readonly leftOut: readonly Judged[]
  /** Columns among the rated ones that differ from the rest. */
  readonly doubtful: readonly Judged[]
  /** Left-out columns that summarise or count the ratings, or number the rows: they are no attributes. */
  readonly derived: ReadonlySet<number>
}

/** With fewer rows, a rule that all of them follow may be chance. */
const fewestRows = 5
/** A scale with more values is not one of stars. */
const manyValues = 20
/** Number of columns before and behind the ratings in which summaries of the row usually are. */
const mostBeside = 2

/**
 * Tells the ratings among numeric columns from summaries of the row, numbers of the rows and attributes.
 * @param fixed columns that have ratings, whatever their numbers are
 */
export function judgeColumns(
  sample: MatrixSample,
  numeric: readonly Column[],
  fixed: ReadonlySet<number>,
): JudgedColumns {
  const { names, rows } = sample
  const leftOut = new Map<number, Judged>()
  const derived = new Set<number>()
  const leave = ({ column }: Column, certainty: Certainty, because: string): void =>
    void leftOut.set(column, { column, certainty, because })
  const open = (): Column[] => numeric.filter(({ column }) => !leftOut.has(column))
  const free = (): Column[] => open().filter(({ column }) => !fixed.has(column))
  const nameOf = ({ column }: Column): string => names?.[column] ?? ''

  const named = free().filter((column) => summaryName(nameOf(column)))
  for (const column of free()) {
    if (named.includes(column)) continue
    const { numbers } = column
    if (isRowNumber(column, rows.length)) {
      leave(column, numbers.length > 3 ? 'likely' : 'guess', 'numbers the rows')
      derived.add(column.column)
    } else if (isKeyName(nameOf(column)) && numbers.length === rows.length && new Set(numbers).size === rows.length) {
      leave(column, 'likely', 'is different in each row, and its name is for a number of it')
      derived.add(column.column)
    }
  }
  for (const one of offScale(open()).filter(({ column }) => !fixed.has(column))) leftOut.set(one.column, one)
  const unlikeItems = names
    ? free().filter((column) => tellsOther(nameOf(column), column.numbers.length === rows.length))
    : []
  for (const column of unlikeItems)
    if (!named.includes(column))
      leave(column, 'guess', 'is not named like an item, although its numbers are on the same scale')
  const strange = strangeColumns(open()).filter(({ column }) => !fixed.has(column))
  const among = (list: readonly Judged[], { column }: Column): boolean => list.some((one) => one.column === column)
  const usual = open().filter((column) => !named.includes(column) && !among(strange, column))
  const unsure = doubtful(sample, usual, fixed)
  // A summary is one of the ratings alone, or of all that look like ratings.
  const cores = [
    usual,
    ...(unsure.length > 0 ? [usual.filter((column) => !among(unsure, column))] : []),
    ...(unlikeItems.length > 0 ? [[...usual, ...unlikeItems]] : []),
  ]
  const summaries = new Map<Column, Summary>()
  for (const core of cores)
    for (const summary of summariesOf(rows, numeric, core))
      if (!summaries.has(summary.column)) summaries.set(summary.column, summary)
  const edges = new Set([...numeric.slice(0, mostBeside), ...numeric.slice(-mostBeside)])
  const maybe: Judged[] = []
  for (const [column, { way, likelihood }] of summaries) {
    if (fixed.has(column.column) || named.includes(column)) continue
    const values = new Set(column.numbers).size
    const because = `${way} the others of each row`
    if (rows.length >= fewestRows && values > 1 && likelihood * (edges.has(column) ? 1 : numeric.length) < hardly) {
      leave(column, 'likely', because)
      derived.add(column.column)
    } else if (values > 1) maybe.push({ column: column.column, certainty: 'guess', because })
  }
  for (const column of named) {
    const way = summaries.get(column)?.way
    leave(
      column,
      way ? 'likely' : 'guess',
      way ? `${way} the others of each row, in agreement with its name` : 'is named like a summary of the others',
    )
    derived.add(column.column)
  }
  for (const one of strange) if (!leftOut.has(one.column)) leftOut.set(one.column, one)
  const rated = open()
  const doubts = doubtful(sample, rated, fixed)
  return {
    rated,
    leftOut: [...leftOut.values()],
    doubtful: [
      ...doubts,
      ...maybe.filter(
        (one) =>
          rated.some(({ column }) => column === one.column) && !doubts.some(({ column }) => column === one.column),
      ),
    ],
    derived,
  }
}

const isWhole = (numbers: readonly number[]): boolean => numbers.every(Number.isInteger)

/** Whether a column has the numbers of the rows: 1, 2, 3 and so on. */
function isRowNumber({ numbers }: Column, rows: number): boolean {
  const [first, second] = numbers
  if (first === undefined || second === undefined || rows < 3 || numbers.length < rows || !isWhole(numbers))
    return false
  // Three ratings may well be 1, 2, 3; a table of three rows that is sorted down to 1 is rather one of ratings.
  if (numbers.length === 3 && first > 1) return false
  const step = second - first
  return Math.abs(step) === 1 && numbers.every((number, at) => number === first + at * step)
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/** With fewer numbers, a column of ratings may be far from the others by chance. */
const fewestForSpan = 4

/** Columns of which most numbers are beyond the scale of the others, like ages. */
function offScale(columns: readonly Column[]): Judged[] {
  const spans = columns.flatMap(({ column, numbers }) => {
    const ratings = numbers.filter((number) => !codesBeyondScales.has(number))
    return ratings.length === 0 ? [] : [{ column, ratings, ...spanOf(ratings) }]
  })
  const [least, most] = [median(spans.map((one) => one.least)), median(spans.map((one) => one.most))]
  // With few ratings, even columns of one scale have different ranges.
  const around = Math.max(3, most - least)
  const mostlyBeyond = (ratings: readonly number[], low: number, high: number): boolean =>
    2 * ratings.filter((number) => number < low || number > high).length > ratings.length
  const isFar = ({ ratings }: { ratings: readonly number[] }): boolean => {
    const margin = ratings.length < fewestForSpan ? 10 * around : around
    return mostlyBeyond(ratings, least - margin, most + margin)
  }
  const near = spans.filter((one) => !isFar(one))
  const [low, high] = [Math.min(...near.map((one) => one.least)), Math.max(...near.map((one) => one.most))]
  const far = spans.filter((one) => isFar(one) && mostlyBeyond(one.ratings, low, high))
  // If many columns are beyond, there may be several scales; and a few ratings may be extreme.
  const isSure = ({ ratings }: { ratings: readonly number[] }): boolean =>
    3 * far.length <= spans.length &&
    ratings.length >= fewestForSpan &&
    mostlyBeyond(ratings, low - (high - low), high + (high - low))
  return far.map(({ column, ...span }) => ({
    column,
    certainty: isSure(span) ? 'likely' : 'guess',
    because: `has numbers from ${span.least} to ${span.most}, while the others have ${low} to ${high}`,
  }))
}

const spanOf = (numbers: readonly number[]): { least: number; most: number } => ({
  least: numbers.reduce((least, number) => Math.min(least, number), Infinity),
  most: numbers.reduce((most, number) => Math.max(most, number), -Infinity),
})

/** Minimum share of a column's numbers that others do not have. */
const fewestStrange = 0.15

/** Columns with many numbers that the others do not have, or that are beyond all of them: counts, means, ages. */
function strangeColumns(columns: readonly Column[]): Judged[] {
  const needed = columns.length > 5 ? 2 : 1
  const holders = new Map<number, number>()
  for (const { numbers } of columns)
    for (const number of new Set(numbers)) holders.set(number, (holders.get(number) ?? 0) + 1)
  const spans = columns.map(({ numbers }) => spanOf(numbers))
  const lows = spans.map(({ least }) => least).sort((a, b) => a - b)
  const highs = spans.map(({ most }) => most).sort((a, b) => b - a)
  const own = ({ numbers }: Column): number[] => numbers.filter((number) => (holders.get(number) ?? 0) <= needed)
  const beyond = ({ numbers }: Column): number[] =>
    numbers.filter((number) => number < (lows[needed] ?? number) || number > (highs[needed] ?? number))
  const found = new Map<number, Judged>()
  for (const strangeOf of [beyond, own]) {
    const strange = columns.map((column) => strangeOf(column))
    const [all, others] = [
      sumOf(columns.map(({ numbers }) => numbers.length)),
      sumOf(strange.map((list) => list.length)),
    ]
    for (const [at, { column, numbers }] of columns.entries()) {
      const here = strange[at] ?? []
      const usual = (others - here.length + 1) / (all - numbers.length + 2)
      if (here.length < 3 || here.length < fewestStrange * numbers.length) continue
      if (!isUnlikely(here.length, numbers.length, usual, columns.length) || found.has(column)) continue
      const examples = [...new Set(here)].slice(0, 2).map(String).join(' and ')
      found.set(column, {
        column,
        certainty: 'guess',
        because:
          strangeOf === beyond
            ? `has numbers beyond those of the other columns, such as ${examples}`
            : `has numbers that the other columns do not have, such as ${examples}`,
      })
    }
  }
  return [...found.values()]
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

/** How the sum and the number of a row's ratings become their summary, each the beginning of a sentence. */
const waysToSumUp = {
  counts: (_sum: number, count: number) => count,
  'adds up': (sum: number) => sum,
  'is the mean of': (sum: number, count: number) => (count === 0 ? NaN : sum / count),
} as const

/** A column that summarises the ratings of each row. */
interface Summary {
  readonly column: Column
  readonly way: keyof typeof waysToSumUp
  /** How likely its numbers are by chance. */
  readonly likelihood: number
}

/** The columns that summarise the ratings of each row, for any number that means "not rated". */
function summariesOf(rows: MatrixSample['rows'], columns: readonly Column[], core: readonly Column[]): Summary[] {
  const counts = countsOf(core)
  const total = sumOf([...counts.values()])
  const ofCore = new Set(core)
  const found = new Map<number, Summary>()
  for (const none of [null, ...new Set([...notRatedNumbers(counts).map(({ number }) => number), 99, 0, -1])]) {
    const [sums, rated] = [new Float64Array(rows.length), new Uint32Array(rows.length)]
    for (const { cells } of core)
      for (const [row, cell] of cells.entries())
        if (typeof cell === 'number' && cell !== none) {
          sums[row] = (sums[row] ?? 0) + cell
          rated[row] = (rated[row] ?? 0) + 1
        }
    for (const column of columns) {
      if (found.has(column.column)) continue
      const isOfCore = ofCore.has(column)
      const fits = (way: keyof typeof waysToSumUp): boolean =>
        column.cells.every((cell, row) => {
          const isOwn = isOfCore && typeof cell === 'number' && cell !== none
          const others = (rated[row] ?? 0) - (isOwn ? 1 : 0)
          if (typeof cell !== 'number') return cell === null && others === 0
          const exact = waysToSumUp[way]((sums[row] ?? 0) - (isOwn ? cell : 0), others)
          return isRounded(cell, (rows[row]?.[column.column] ?? '').trim(), exact) || (cell === 0 && others === 0)
        })
      const way = (Object.keys(waysToSumUp) as (keyof typeof waysToSumUp)[]).find(fits)
      if (!way) continue
      const likelihood = ofChance(column.numbers.map((number) => ((counts.get(number) ?? 0) + 1) / (total + 2)))
      found.set(column.column, { column, way, likelihood })
    }
  }
  return [...found.values()]
}

/** Whether two numbers are equal up to the rounding of their notation. */
export function isRounded(number: number, text: string, exact: number): boolean {
  const decimals = /[.,](\d+)$/.exec(text)?.[1]?.length ?? 0
  return Math.abs(number - exact) <= 0.5 * 10 ** -decimals + 1e-9
}

export function countsOf(columns: readonly Column[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { numbers } of columns) for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return counts
}

/** Columns of ratings that differ from the others in a way that is hardly chance. */
function doubtful({ names, rows }: MatrixSample, rated: readonly Column[], fixed: ReadonlySet<number>): Judged[] {
  const counts = countsOf(rated)
  const none = new Set(notRatedNumbers(counts).map(({ number }) => number))
  const columns = rated.map(({ column, cells }) => ({
    column,
    ratings: cells.filter((cell): cell is number => typeof cell === 'number' && !none.has(cell)),
  }))
  const values = [...counts.keys()].filter((number) => !none.has(number)).sort((a, b) => a - b)
  const [least = 0, most = 0] = [values[0], values.at(-1)]
  const total = sumOf(columns.map(({ ratings }) => ratings.length))
  const all = columns.length
  const shareOf = (has: (number: number) => boolean): number =>
    sumOf(values.filter(has).map((number) => counts.get(number) ?? 0)) / Math.max(1, total)
  const isFull = ({ ratings }: (typeof columns)[number]): boolean => ratings.length === rows.length
  const sparse = columns.filter((column) => !isFull(column))
  const filled = sumOf(sparse.map(({ ratings }) => ratings.length)) / Math.max(1, sparse.length * rows.length)
  const isLonelyFull =
    sparse.length > 0 &&
    all - sparse.length <= Math.max(2, 0.15 * all) &&
    filled <= 0.6 &&
    sparse.every(({ ratings }) => ratings.length < 0.9 * rows.length) &&
    filled ** rows.length * all < 0.01
  const wholeShare = shareOf(Number.isInteger)
  const because = (one: (typeof columns)[number]): string | null => {
    const { column, ratings } = one
    const name = names?.[column] ?? ''
    if (!isFull(one) || rows.length < fewestRows) return null
    const [first = 0] = ratings
    const others = total - ratings.length
    const own = ratings.filter((number) => number === first).length
    const share = ((counts.get(first) ?? 0) - own + 1) / (others + 2)
    if (own === ratings.length && values.length > 1) {
      if (share ** own * all < 0.0001) return `has the same number, ${first}, in every row`
    } else if (ofOrder(ratings) * all < 0.02)
      return `${(ratings.at(-1) ?? 0) > first ? 'rises' : 'falls'} from row to row`
    if (isLonelyFull)
      return `has a number in every row, the others in ${Math.round(100 * filled)} % of the rows on average`
    if (isWhole(ratings) && wholeShare <= 0.5 && wholeShare ** rows.length * all < 0.001)
      return 'has only whole numbers, unlike the others'
    const { least: low, most: high } = spanOf(ratings)
    const isNarrow = values.length > manyValues && high - low <= 0.1 * (most - least)
    if (isNarrow && shareOf((number) => number >= low && number <= high) ** rows.length * all < 0.0001)
      return `has only numbers from ${low} to ${high}, while the others have ${least} to ${most}`
    return isWhole(ratings) && mayTellOther(name)
      ? `is not named like an item or a user, and has a whole number in every row`
      : null
  }
  return columns.flatMap((one) => {
    const reason = fixed.has(one.column) ? null : because(one)
    return reason === null ? [] : [{ column: one.column, certainty: 'guess' as const, because: reason }]
  })
}

/** How likely numbers are to rise or to fall from row to row by chance. */
function ofOrder(numbers: readonly number[]): number {
  const steps = numbers.slice(1).map((number, at) => number - (numbers[at] ?? 0))
  if (!steps.every((step) => step >= 0) && !steps.every((step) => step <= 0)) return 1
  const times = new Map<number, number>()
  let log = Math.LN2
  for (const [at, number] of numbers.entries()) {
    times.set(number, (times.get(number) ?? 0) + 1)
    log += Math.log(times.get(number) ?? 1) - Math.log(at + 1)
  }
  return Math.exp(log)
}
