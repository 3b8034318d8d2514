import { wasChosen } from '../../shared/certainty'
import { formatCount } from '../../shared/format'
import { columnsOf, type Column, isMark, isNumeric, type MatrixSample, wordsForUnrated } from './matrix-cells'
import { countsOf, judgeColumns, type Judged } from './matrix-columns'
import { idRank, type MatrixRows, matrixRows, summaryName, tellsOther } from './matrix-names'
import { type NotRated, notRatedNumbers } from './not-rated'
import { isTime } from './matrix-times'
import { roleOfName, saysMaker } from './column-names'
import { saysDeed } from './event-words'

/** A table with one row per user and one column per item, or the other way round. */
export interface RatingMatrix extends MatrixRows {
  /** Whether the table may as well be a list. */
  readonly mayBeList: boolean
  /** Position of the column with the row ids; null if there are none. */
  readonly ids: number | null
  /** Number of rows whose id another row has, too. */
  readonly repeatedIds: number
  /** Positions of the columns with ratings. */
  readonly columns: readonly number[]
  readonly leftOut: readonly Judged[]
  /** Columns of ratings that differ from the others. */
  readonly doubtful: readonly Judged[]
  /** The scale of the ratings; null if they are words or dates. */
  readonly scale: Scale | null
  /** Whether there are times of interactions in place of ratings. */
  readonly dated: boolean
  /** Words that mean "not rated". */
  readonly unratedWords: readonly string[]
  /** Two columns of ratings whose scales differ, the smaller one first, each with its largest number; null if there is one scale. */
  readonly scales: readonly [Top, Top] | null
  /** Share of the cells that are ratings. */
  readonly filled: number
}

interface Scale {
  /** Numbers that mean "not rated", in addition to empty cells. */
  readonly missing: readonly NotRated[]
  /** Smallest and largest rating. */
  readonly range: readonly [number, number]
}

interface Top {
  readonly column: number
  readonly most: number
}

/** What the user said about a matrix. */
export interface SaidOfMatrix {
  /** Whether the layout was chosen: then few columns are enough, and words may be ratings. */
  readonly layout: boolean
  /** Positions of columns that are left out. */
  readonly drop: ReadonlySet<number>
  /** Positions of columns that have ratings. */
  readonly keep: ReadonlySet<number>
  /** Numbers and words that mean "not rated"; undefined to detect them. */
  readonly notRated: readonly string[] | undefined
}

/** With fewer columns of ratings, a table is a matrix only as a guess or if the user chose that layout: a list may also have some columns of numbers. */
export const fewestColumns = 8
/** With fewer columns of the same few values, a table does not even look like a matrix. */
export const fewestAlike = 3
/** Maximum number of numeric columns of a matrix without ratings: an id, a count. */
const mostOthers = 2
/** Maximum number of distinct words or numbers in all columns of ratings together. */
const fewValues = 12

const isWhole = (numbers: readonly number[]): boolean => numbers.every(Number.isInteger)

/**
 * Recognises a rating matrix by its cells and names; null if the table is a list. Almost all columns contain numbers of one scale or nothing;
 * other columns (age, city, an average) are left out.
 * @param namesList whether its names are also those of a list of interactions
 */
export function ratingMatrix(sample: MatrixSample, said: SaidOfMatrix, namesList = false): RatingMatrix | null {
  const { names, rows } = sample
  const wanted = said.layout
  const first = columnsOf(rows, [])
  if (rows.length < 2 || first.length < fewestAlike) return null
  const unratedWords = said.notRated?.filter((word) => !Number.isFinite(Number(word))) ?? wordsForUnrated(first)
  const all = (unratedWords.length > 0 ? columnsOf(rows, unratedWords) : first).filter(
    ({ column }) => !said.drop.has(column),
  )
  const grid = names ? gridColumns(names) : null
  const form = names ? formColumns(sample) : null
  const numeric = all.filter(
    (one) => said.keep.has(one.column) || (isNumeric(one) && (!grid || grid.has(one.column)) && one.numbers.length > 0),
  )
  const empty = all.filter((one) => one.numbers.length === 0 && one.texts.length === 0)
  const numbersOfRows = grid
    ? null
    : numberedRows(
        rows,
        numeric.filter(({ column }) => !said.keep.has(column) && !tellsOther(names?.[column] ?? '')),
      )
  const ids = idColumn(
    sample,
    all.filter(({ column }) => !said.keep.has(column)),
    numbersOfRows,
  )
  const isNumber = (one: Column): boolean =>
    one.column === numbersOfRows && one.column !== ids && rows.length >= 5 && !said.keep.has(one.column)
  const candidates = numeric.filter((one) => one.column !== ids && !isNumber(one))
  // If there are only ticks, every column is the mean of the others.
  const ticked =
    2 * numeric.filter(({ column }) => rows.some((row) => isMark(row[column] ?? ''))).length > numeric.length
  const judged =
    grid || ticked
      ? { rated: candidates, leftOut: [], doubtful: [], derived: new Set<number>() }
      : judgeColumns(sample, candidates, new Set([...said.keep, ...(form ?? [])]))
  const rated = form ? judged.rated.filter(({ column }) => form.has(column) || said.keep.has(column)) : judged.rated
  const alike = rated.length < 2 && !namesList ? alikeWords(all, ids, names) : []
  const words = wanted || isOnlyWords(sample, all, alike, ids) ? alike : []
  const ratings = words.length > 0 ? words : rated
  const columns = ratings.map(({ column }) => column)
  const isRated = (column: number): boolean => columns.includes(column)
  const numbersLeft = numeric.filter(isNumber).map(({ column }) => column)
  const others = all
    .map(({ column }) => column)
    .filter((column) => column !== ids && !isRated(column) && !numbersLeft.includes(column))
    .filter((column) => !judged.leftOut.some((one) => one.column === column))
  const leftOut = [
    ...judged.leftOut,
    ...numbersLeft.map((column) => ({
      column,
      certainty: 'likely' as const,
      because: 'is different in each row, like a number of it',
    })),
    ...others.map((column) => otherwise(column, judged.rated, empty)),
    ...[...said.drop].map((column) => ({ column, certainty: 'certain' as const, because: '' })),
  ].sort((a, b) => a.column - b.column)
  if (columns.length < (wanted ? 2 : fewestAlike)) return null
  const scale = words.length > 0 ? null : scaleOf(rated, said.notRated)
  if (words.length === 0 && !scale) return null
  const attributes = leftOut.filter(
    ({ column, certainty }) =>
      certainty !== 'certain' &&
      !judged.derived.has(column) &&
      !numbersLeft.includes(column) &&
      !empty.some((one) => one.column === column),
  ).length
  const tables = { ids, attributes, scale, form, ticked, said }
  // No list has columns that are called by numbers.
  const isNumbered =
    names !== null && ids !== null && rated.length > 0 && rated.every(({ column }) => /^\d+$/.test(names[column] ?? ''))
  const isSure = wanted || grid !== null || (!namesList && (isNumbered || isMatrix(sample, rated, tables)))
  const isPerhaps =
    isPerhapsMatrix(sample, all, rated, tables) || (!namesList && isOnlyScale(sample, others, rated, tables))
  if (!isSure && words.length === 0 && !isPerhaps) return null
  const missing = new Set(scale?.missing.map(({ number }) => number))
  const isFilled = (cell: number | null | undefined): boolean =>
    cell !== null && !(typeof cell === 'number' && missing.has(cell))
  const filled = ratings.reduce((sum, { cells }) => sum + cells.filter(isFilled).length, 0)
  return {
    ...matrixRows(
      names && { ids: ids === null ? null : (names[ids] ?? ''), columns: columns.map((column) => names[column] ?? '') },
      ids === null ? null : rows.map((row) => row[ids] ?? ''),
    ),
    mayBeList: !isSure,
    ids,
    repeatedIds: ids === null ? 0 : repeated(rows, ids),
    columns,
    leftOut,
    doubtful: judged.doubtful.filter(({ column }) => isRated(column)),
    scale,
    dated: areDates(words),
    unratedWords,
    scales: scale && scalesOf(sample, rated, missing),
    filled: filled / (rows.length * columns.length),
  }
}

/** The reason why a column without one of its own is left out. */
/** Why a column without a value is left out. */
export const emptyColumn = 'is empty'

function otherwise(column: number, rated: readonly Column[], empty: readonly Column[]): Judged {
  if (empty.some((one) => one.column === column)) return { column, certainty: 'certain', because: emptyColumn }
  return rated.some((one) => one.column === column)
    ? { column, certainty: 'guess', because: 'is not named like the other columns of ratings' }
    : { column, certainty: 'likely', because: 'contains other values than the ratings' }
}

interface Found {
  readonly ids: number | null
  /** Number of columns that are no ratings, and do not follow from them or from the rows. */
  readonly attributes: number
  readonly scale: Scale | null
  readonly form: ReadonlySet<number> | null
  readonly ticked: boolean
  readonly said: SaidOfMatrix
}

/** Whether a table with many columns of ratings is a matrix, and not a list with many features. */
function isMatrix({ rows }: MatrixSample, rated: readonly Column[], { ids, attributes, scale }: Found): boolean {
  if (rated.length < fewestColumns || !scale || !shareScale(rows.length, rated, scale)) return false
  return attributes === 0 || (ids !== null && isUnique(rows, ids) && 2 * attributes <= rated.length)
}

/** Maximum share of columns of ratings whose names are for something else: “Persona” is a film, too. */
const mostOtherNames = 0.2
/** Share of empty cells in columns of ratings: ids and values of a list are rarely empty. */
const fewestBlanks = 0.05

/**
 * Whether a table with few columns of ratings, or with many others, is rather a matrix than a list: its rows have names that are all different, or the columns of
 * ratings are most of it; and these, whose names are for nothing else, are not few or have empty cells.
 */
function isPerhapsMatrix(
  { names, rows }: MatrixSample,
  all: readonly Column[],
  rated: readonly Column[],
  { ids, attributes, scale, form, ticked, said }: Found,
): boolean {
  if (!names || !scale || rows.length < 3) return false
  const isLarge = rated.length >= fewestColumns && 2 * attributes <= rated.length
  const isNamed = ids !== null && isUnique(rows, ids) && !all.some((one) => one.column === ids && isNumeric(one))
  if ((!isNamed && !isLarge) || attributes >= 2 * rated.length) return false
  const values = new Set(rated.flatMap(({ numbers }) => numbers)).size
  if (
    !form &&
    (values < (ticked ? 1 : 3) || (values > fewValues && !isLarge) || !shareScale(rows.length, rated, scale))
  )
    return false
  const cells = rows.length * rated.length
  const blank = cells - rated.reduce((sum, { numbers }) => sum + numbers.length, 0)
  if (!form && rated.length < 5 && blank < fewestBlanks * cells) return false
  const meansOther = (name: string): boolean => roleOfName(name)?.whole === true
  const withOtherNames = rated.filter(({ column }) => !said.keep.has(column) && meansOther(names[column] ?? '')).length
  if (withOtherNames > mostOtherNames * rated.length) return false
  // A user or an item that other rows have, too, is one of an interaction.
  return !all.some(({ column, numbers, texts }) => {
    const name = names[column] ?? ''
    const match = roleOfName(name)
    const isOne = match?.whole === true && (match.role === 'user' || match.role === 'item') && !saysMaker(name)
    return (
      isOne &&
      column !== ids &&
      !rated.some((one) => one.column === column) &&
      numbers.length + texts.length > 0 &&
      !isUnique(rows, column)
    )
  })
}

/** With fewer rows, columns of a list may have the same few numbers by chance. */
const fewestAnswers = 8
/** With fewer columns of only one or two numbers, these are rather flags of a row than items. */
const fewestFlags = 5

/**
 * Whether a table has nothing but columns of one small scale, beside ids that are different in each row or times, as a form of a few rated questions has. The
 * users and items of a list have many values, or hardly any pair of them twice; answers repeat.
 */
function isOnlyScale(
  { names, rows }: MatrixSample,
  others: readonly number[],
  rated: readonly Column[],
  { ids, scale }: Found,
): boolean {
  if (!names || !scale || rows.length < fewestAnswers || (ids !== null && !isUnique(rows, ids))) return false
  if (!others.every((column) => isTimes(rows, column)) || (ids === null && others.length === 0)) return false
  const values = new Set(rated.flatMap(({ numbers }) => numbers))
  if (values.size < 2 || values.size > fewValues || (values.size === 2 && rated.length < fewestFlags)) return false
  const isAlike = ({ column, numbers }: Column): boolean =>
    2 * new Set(numbers).size >= values.size &&
    roleOfName(names[column] ?? '')?.whole !== true &&
    !saysDeed(names[column] ?? '')
  const repeats = (one: Column, other: Column): boolean =>
    new Set(rows.map((row) => `${row[one.column] ?? ''} ${row[other.column] ?? ''}`)).size < rows.length
  return (
    rated.length >= fewestAlike &&
    rated.every(isAlike) &&
    rated.every((one, at) => rated.slice(at + 1).every((other) => repeats(one, other)))
  )
}

/**
 * The columns by which a list might still be a matrix, with the column that differs in each row: three or more, and over half of all, have
 * the same few values. Null if there is no such evidence.
 */
export function looksLikeMatrix({ names, rows }: MatrixSample): { ids: number; columns: readonly number[] } | null {
  const all = columnsOf(rows, [])
  if (rows.length < 3) return null
  const unique = all.find(({ column }) => isUnique(rows, column) && (names ? !isTimes(rows, column) : true))?.column
  if (unique === undefined) return null
  const others = all.filter(
    ({ column }) => !isUnique(rows, column) && column !== unique && !(names && summaryName(names[column] ?? '')),
  )
  const numeric = all.filter((one) => one.column !== unique && isNumeric(one))
  const { rated: numbers } = judgeColumns({ names, rows }, numeric, new Set())
  const values = (columns: readonly Column[]): number =>
    new Set(columns.flatMap((one) => [...one.numbers, ...one.texts])).size
  const alike = [numbers, alikeWords(all, unique, names)].find(
    (columns) =>
      columns.length >= fewestAlike &&
      2 * columns.length > others.length &&
      (values(columns) <= fewValues || areDates(columns)),
  )
  if (alike) return { ids: unique, columns: alike.map(({ column }) => column) }
  const measured = numeric.filter(({ column }) => !(names && summaryName(names[column] ?? '')))
  return names && measured.length === all.length - 1 && areOfOneScale(measured, names)
    ? { ids: unique, columns: measured.map(({ column }) => column) }
    : null
}

/** The largest number of a usual scale of ratings. */
const mostOfScale = 10

/** Whether columns have ratings with decimals, which hardly repeat: all on one scale, and none is named for something else. */
function areOfOneScale(columns: readonly Column[], names: readonly string[]): boolean {
  const numbers = columns.flatMap((one) => one.numbers)
  const most = Math.max(...numbers)
  const isOther = (name: string): boolean => {
    const match = roleOfName(name)
    return match?.whole === true && match.role !== 'item' && match.role !== 'title'
  }
  return (
    columns.length >= fewestAlike &&
    Math.min(...numbers) >= 0 &&
    most <= mostOfScale &&
    columns.every((one) => 2 * Math.max(...one.numbers) >= most && !isOther(names[one.column] ?? ''))
  )
}

/** Columns of forms, each of them an item: “Rate these films [Alien]”, “Rate these films [Brazil]”. */
const gridName = /^(.*\S)\s*\[(.+)\]\s*[?:.]?\s*$/

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

/** What gradebooks append to the names of their columns: the number of an assignment (a smaller one might be the year of a film), or how it is graded. */
const appended = /\S\s*\((\d+|\p{L}+)\)\s*$/u
const isYear = (text: string): boolean => /^(?:1[89]|20)\d\d$/.test(text)

/** The columns of a gradebook that have grades, on whatever scale: those with a maximum, “Quiz 1 (4711)” of Canvas, “Quiz 1 (Real)” of Moodle. */
function formColumns({ names, maxima }: MatrixSample): ReadonlySet<number> | null {
  const graded = (names ?? []).flatMap((name, column) => {
    if (summaryName(name)) return []
    if (maxima) return typeof maxima[column] === 'number' ? [{ column, kind: 'maximum' }] : []
    const what = appended.exec(name)?.[1]
    if (what === undefined || isYear(what)) return []
    return [{ column, kind: /^\d{3,}$/.test(what) ? 'number' : what }]
  })
  const kinds = new Set(graded.map(({ kind }) => kind))
  return graded.length >= fewestAlike && kinds.size === 1 && !/^\d{1,2}$/.test(graded[0]?.kind ?? '')
    ? new Set(graded.map(({ column }) => column))
    : null
}

const isUnique = (rows: MatrixSample['rows'], column: number): boolean => {
  const cells = rows.map((row) => (row[column] ?? '').trim())
  return cells.every((cell) => cell !== '') && new Set(cells).size === cells.length
}

/** Minimum number of different ids as a share of the rows: single ids may be missing or occur twice. */
const fewestUnique = 0.9
const isNearlyUnique = (rows: MatrixSample['rows'], column: number): boolean =>
  new Set(rows.map((row) => (row[column] ?? '').trim()).filter((id) => id !== '')).size >= fewestUnique * rows.length

/** Number of rows that have an id of another row. */
function repeated(rows: MatrixSample['rows'], column: number): number {
  const times = new Map<string, number>()
  for (const row of rows) {
    const id = (row[column] ?? '').trim()
    if (id !== '') times.set(id, (times.get(id) ?? 0) + 1)
  }
  return [...times.values()].reduce((sum, count) => sum + (count > 1 ? count : 0), 0)
}

const isTimes = (rows: MatrixSample['rows'], column: number): boolean =>
  rows.every((row) => /^\s*$|^\D{0,5}\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}(?!\d)/.test(row[column] ?? ''))

/** The column with the row ids: by its name, else a text that is different in each row, else numbers that are. */
function idColumn({ names, rows }: MatrixSample, all: readonly Column[], numbers: number | null): number | null {
  const numbersBeside = (one: Column): Column[] => all.filter((other) => other !== one && isNumeric(other))
  const named = all
    .flatMap((one) => {
      const name = names?.[one.column] ?? ''
      const rank = names ? idRank(name) : null
      // user_1 with numbers in it is a column of ratings, Email Address with texts in it is not.
      const isOne =
        rank !== null && (!isNumeric(one) || (Math.floor(rank / 10) !== 1 && areIds(one.numbers, numbersBeside(one))))
      return isOne && !isTimes(rows, one.column) && !gridName.test(name) ? [{ column: one.column, rank }] : []
    })
    .sort((a, b) => a.rank - b.rank)
  const texts = all.filter(
    (one) => !isNumeric(one) && !isTimes(rows, one.column) && !saysMaker(names?.[one.column] ?? ''),
  )
  return (
    named.find(({ column }) => isUnique(rows, column))?.column ??
    texts.find(({ column }) => isUnique(rows, column))?.column ??
    named.find(({ column, rank }) => rank < 10 && isNearlyUnique(rows, column))?.column ??
    texts.find(({ column }) => isNearlyUnique(rows, column))?.column ??
    numbers ??
    named.find(({ column, rank }) => rank < 10 && texts.some((one) => one.column === column))?.column ??
    null
  )
}

/** The column with numbers of the rows among the first ones. */
const numberedRows = (rows: MatrixSample['rows'], numeric: readonly Column[]): number | null =>
  numeric.slice(0, mostOthers).find(
    (one) =>
      one.numbers.length === rows.length &&
      isWhole(one.numbers) &&
      areIds(
        one.numbers,
        numeric.filter((other) => other !== one),
      ),
  )?.column ?? null

/** Whether numbers are row numbers: all different, and also rising if there are so few rows that ratings might all be different. */
function areIds(numbers: readonly number[], others: readonly Column[]): boolean {
  if (new Set(numbers).size !== numbers.length) return false
  const isRising = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))
  const ratings = countsOf(others)
  const [least, most] = [...ratings.keys()].reduce(
    ([low, high], rating) => [Math.min(low, rating), Math.max(high, rating)],
    [Infinity, -Infinity],
  )
  return isRising || 2 * numbers.filter((number) => number < least || number > most).length > numbers.length
}

/** Whether a column has dates, on which an item was bought or read. */
const isDated = ({ texts, numbers }: Column): boolean => texts.length > 0 && numbers.length === 0 && texts.every(isTime)
const areDates = (columns: readonly Column[]): boolean => columns.length > 0 && columns.every(isDated)

/** Columns of the same few words, or of dates if there are more of these. */
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
  const dated = all.filter(
    (one) => one.column !== ids && !(names && tellsOther(names[one.column] ?? '')) && isDated(one),
  )
  const most = dated.length > 2 && dated.length >= alike.length ? dated : alike
  return most.length < 2 ? [] : most
}

/** Maximum number of answers: with more words, columns are rather categories. */
const mostAnswers = 5

/**
 * Whether a table has nothing but a column that is different in each row and columns of the same few words, like a poll. Columns of a list
 * have other words each, are called like what they hold, or its rows repeat a user.
 */
function isOnlyWords(
  { names, rows }: MatrixSample,
  all: readonly Column[],
  alike: readonly Column[],
  ids: number | null,
): boolean {
  const others = all.filter(({ column, texts, numbers }) => column !== ids && texts.length + numbers.length > 0)
  const meant = new Set(
    alike.flatMap(({ column }) => {
      const match = roleOfName(names?.[column] ?? '')
      return match?.whole === true ? [match.role] : []
    }),
  )
  const answers = new Set(alike.flatMap(({ texts }) => texts))
  return (
    names !== null &&
    rows.length >= fewestPolled &&
    ids !== null &&
    ids === all[0]?.column &&
    isUnique(rows, ids) &&
    alike.length >= fewestAlike &&
    alike.length === others.length &&
    alike.every(({ numbers }) => numbers.length === 0) &&
    // “Film A” is an item's name, too; a film beside a rating is that of a row.
    meant.size <= 1 &&
    answers.size <= mostAnswers &&
    [...answers].every((word) => 2 * alike.filter(({ texts }) => texts.includes(word)).length >= alike.length)
  )
}
/** With fewer rows, columns may have the same words by chance. */
const fewestPolled = 4

function scaleOf(columns: readonly Column[], said: readonly string[] | undefined): Scale | null {
  const counts = countsOf(columns)
  const missing =
    said
      ?.map(Number)
      .filter((number) => Number.isFinite(number))
      .map((number): NotRated => ({ number, certainty: 'certain', evidence: wasChosen })) ?? notRatedNumbers(counts)
  const ratings = [...counts.keys()].filter((rating) => !missing.some(({ number }) => number === rating))
  if (ratings.length === 0) return null
  return { missing, range: [ratings.reduce((a, b) => Math.min(a, b)), ratings.reduce((a, b) => Math.max(a, b))] }
}

/** With fewer columns, their ranges prove nothing. */
const fewestSpans = 3
/** A column with so many distinct ratings spans over much of their scale. */
const mostForSpan = 5

/** Whether the scale is one of ratings, and half of the columns with several distinct values span over a third of it. */
function shareScale(rows: number, columns: readonly Column[], { missing, range: [least, most] }: Scale): boolean {
  // No rating scale is wider, and columns that measure different things do not share a scale.
  if (most - least > 100) return false
  const enough = Math.min(mostForSpan, rows)
  const spans = columns.flatMap(({ numbers }) => {
    const ratings = numbers.filter((rating) => !missing.some(({ number }) => number === rating))
    return new Set(ratings).size < enough ? [] : [Math.max(...ratings) - Math.min(...ratings)]
  })
  return spans.length < fewestSpans || 2 * spans.filter((span) => 3 * span >= most - least).length >= spans.length
}

/** With fewer ratings of a column, its largest number says little about its scale. */
const fewestForScale = 5
/** Scales of stars end below; their columns differ by chance. */
const longestOfStars = 10

/**
 * Two columns whose ratings have different scales: by their maxima where a gradebook has them, else if on a long scale a quarter of the columns ends below its
 * middle, which is no chance.
 */
function scalesOf(
  { maxima }: MatrixSample,
  columns: readonly Column[],
  missing: ReadonlySet<number>,
): readonly [Top, Top] | null {
  const tops = columns.flatMap(({ column, numbers }): Top[] => {
    const ratings = numbers.filter((number) => !missing.has(number))
    const most = maxima?.[column] ?? (ratings.length < fewestForScale ? null : Math.max(...ratings))
    return most === null ? [] : [{ column, most }]
  })
  const [smallest, largest] = [tops.toSorted((a, b) => a.most - b.most)[0], tops.toSorted((a, b) => b.most - a.most)[0]]
  if (!smallest || !largest || smallest.most === largest.most) return null
  const low = tops.filter(({ most }) => 2 * most <= largest.most)
  return maxima || (largest.most > longestOfStars && 4 * low.length >= tops.length) ? [smallest, largest] : null
}

/** A list of columns for a sentence: “Alien, Brazil and 6 others”. */
export function namesOf(columns: readonly number[], names: readonly string[] | null): string {
  const words = columns.map((column) => names?.[column] ?? formatCount(column + 1))
  return words.length <= 3
    ? words.join(', ')
    : `${words.slice(0, 2).join(', ')} and ${formatCount(words.length - 2)} others`
}
