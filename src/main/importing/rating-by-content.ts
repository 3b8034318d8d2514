import { formatCounted } from '../../shared/format'
import { roleOfName, saysAmount, saysGermanGrade, saysOneIsBest, speaksAgainstRating } from './column-names'
import { wordsWithValues, valuesOfWords } from './values/rating-words'
import { speaksAgainst } from './event-words'
import {
  holdsPieces,
  isDegrees,
  isFlag,
  isZone,
  looksLikeRating,
  looksLikeSlider,
  mayBeAmount,
  mayCount,
  onScale,
  onStars,
  typesOf,
  type RecognisedColumn,
} from './column-content'
import type { Findings } from './column-findings'
import { losesMany } from './lost-rows'
import { fewestMixed, fewIds, type IdColumns } from './id-columns'

/** Whether a column’s numbers look like ratings; those in the first column of a table without names are users. */
export function mayRate(findings: Findings, column: RecognisedColumn): boolean {
  const { named, columns, rows } = findings.table
  const isUser = !named && columns[0] === column && (column.statistics?.distinct ?? 0) > 2
  return !isUser && looksLikeRating(column, rows)
}

/** Takes the numbers of a usual scale for ratings, if no column has a value by its name. */
export async function ratingByContent(findings: Findings, ids: IdColumns): Promise<void> {
  if (!findings.open('rating') || findings.found.has('event')) return
  const { named, columns, rows } = findings.table
  const isThird = (column: RecognisedColumn): boolean => !named && columns.indexOf(column) >= 2
  const candidates = findings.free().filter((column) => {
    if (findings.describes(column)) return false
    const role = named ? (roleOfName(column.name)?.role ?? null) : null
    if (onStars(column)) return mayRate(findings, column)
    if (role !== null && role !== 'rating') return false
    // A flag such as “like” beside “click” tells which rows count.
    if (role === 'rating' && isFlag(column)) return false
    if (named && [speaksAgainstRating, speaksAgainst, saysAmount].some((says) => says(column.name))) return false
    if (named && role === null && (holdsPieces(column, rows) || !onScale(column))) return false
    // Two or three numbers, such as renewals, are not a rating scale.
    if (named && role === null && (column.statistics?.distinct ?? 0) < fewestGrades) return false
    // A single number in all rows has no information, unless it is in the usual column of ratings.
    const tells =
      (column.statistics?.distinct ?? 0) > 1 || rows < 2 || (isThird(column) && Number(column.statistics?.min) > 0)
    return tells && mayRate(findings, column)
  })
  // A value that is constant for each item is not a user's opinion of it.
  const opinions: RecognisedColumn[] = []
  for (const candidate of candidates) {
    const isNone = named
      ? (await isPosition(findings, candidate)) || (await ids.isAttribute(candidate))
      : (await findings.tellsOfItems(candidate)) || (await isKind(findings, ids, candidate))
    if (!isNone) opinions.push(candidate)
  }
  opinions.sort(
    (a, b) =>
      Number(losesMany('rating', a, rows)) - Number(losesMany('rating', b, rows)) ||
      Number(onScale(b)) - Number(onScale(a)),
  )
  const slid = opinions.length > 0 ? [] : findings.free().filter((free) => isThird(free) && looksLikeSlider(free))
  const [column, rival] = opinions.length > 0 ? opinions : slid.length === 1 ? slid : []
  if (!column?.statistics) return
  const { distinct, min, max } = column.statistics
  const texts = column.statistics.kind === 'text' ? rows - column.statistics.empty - column.statistics.numbers : 0
  const evidence = `${named ? 'Its name does not say so; ' : ''}${formatCounted(distinct, 'different number')} from ${min} to ${max}${texts > 0 ? `, and ${formatCounted(texts, 'value')} that ${texts === 1 ? 'is none' : 'are none'}` : ''}${rival ? `; “${rival.name}” would suit, too` : ''}.`
  // A price may stand before a quantity that looks like ratings.
  const isNext = columns
    .slice(0, columns.indexOf(column))
    .every((other) => findings.taken.has(other.name) || !mayBeAmount(other))
  const likely = isThird(column) && isNext && onScale(column) && slid.length === 0 && !rival && texts === 0
  findings.take('rating', { column, certainty: likely ? 'likely' : 'guess', evidence }, rival ?? null)
  // The only column that a warning could name is the column itself.
  if (!likely && !rival) findings.optionOf(column, `--rating none, or --rating COLUMN`)
}

/** Whether two or three numbers are the kind of something else: all rows of each value of another column have the same one, and that is no chance. */
async function isKind(findings: Findings, ids: IdColumns, column: RecognisedColumn): Promise<boolean> {
  const { statistics } = column
  if (!statistics || statistics.distinct >= fewestGrades || statistics.values.length < 2) return false
  const { rows, columns } = findings.table
  const rarer = rows - Math.max(...statistics.values.map((one) => one.rows))
  for (const other of columns) {
    const { distinct = 0, empty = 0 } = other.statistics ?? {}
    if (other === column || distinct < fewIds || empty > 0 || !ids.mayIdentify(other)) continue
    // So many repeated rows would have another number by chance.
    if ((rows - distinct) * rarer < fewestMixed * rows) continue
    if (await findings.hasOneValue(other, column)) return true
  }
  return false
}

/** With fewer users, ratings may number the rows of each by chance. */
const fewestRanked = 3

/** Whether a column numbers the rows of each user from 1, like a rank: each has the first number once, no number twice, and greater ones are not more frequent. */
export async function isRank(findings: Findings, { name, statistics }: RecognisedColumn): Promise<boolean> {
  const user = findings.found.get('user')
  if (!user || statistics?.kind !== 'integer' || statistics.empty > 0 || statistics.rowNumber) return false
  const { distinct, min, max } = statistics
  const users = user.statistics?.distinct ?? 0
  if (distinct < 2 || users < fewestRanked || Number(min) !== 1 || Number(max) !== distinct) return false
  const counts = statistics.values.toSorted((a, b) => Number(a.value) - Number(b.value)).map((one) => one.rows)
  if (counts[0] !== undefined && (counts[0] !== users || counts.some((rows, at) => rows > (counts[at - 1] ?? rows))))
    return false
  return (await findings.table.pairs(user.name, name)) === findings.table.rows
}

/** Whether each user has each value of a column in one row, like positions in a list; on a usual rating scale that may be chance unless it is a rank. */
async function isPosition(findings: Findings, column: RecognisedColumn): Promise<boolean> {
  const user = findings.found.get('user')
  const { rows } = findings.table
  // Where each user has each of a few numbers once, they may also be ratings of as many items.
  const alike = new Set(column.statistics?.values.map((value) => value.rows)).size === 1
  if (!(alike && onScale(column)) && (await isRank(findings, column))) return true
  if (!user || onScale(column) || rows < 3 * (user.statistics?.distinct ?? rows)) return false
  if ((column.statistics?.distinct ?? 0) <= 5) return false
  return (await findings.table.pairs(user.name, column.name)) === rows
}

/** If interactions have no other value, words from poor to excellent are used whatever the name of their column, unless they describe the items. */
export async function orderedWords(findings: Findings): Promise<void> {
  if (!findings.open('rating') || !findings.open('count') || !findings.open('event')) return
  for (const column of findings.free()) {
    const said = findings.table.named ? (roleOfName(column.name)?.role ?? null) : null
    if (column.statistics?.kind !== 'text' || (said !== null && said !== 'rating')) continue
    const values = valuesOfWords(typesOf(column), true)
    if (!values || (await findings.tellsOfItems(column))) continue
    const evidence = `No name says rating, but this column contains words with an order: ${wordsWithValues(values)}.`
    findings.take('rating', { column, certainty: 'guess', evidence }, null)
    findings.optionOf(column, '--rating none, or --rating COLUMN')
    return
  }
}

/** Warns of grades of which 1 is the best by the name of their column. */
export function doubtGrades(findings: Findings): void {
  const column = findings.found.get('rating')
  if (!column?.statistics || findings.chosen.rating !== undefined) return
  if (!findings.table.named) return
  const others = findings.table.columns.filter((other) => other !== column).map(({ name }) => name)
  const isSchool = Number(column.statistics.min) >= 1 && Number(column.statistics.max) <= 6
  const isGerman = isSchool && saysGermanGrade(column.name, others)
  if (!saysOneIsBest(column.name) && !isGerman) return
  const grades = column.statistics.values.map(({ value }) => Number(value)).filter(Number.isInteger)
  const most = Math.max(...grades, Number(column.statistics.max))
  const turned = grades.toSorted((a, b) => a - b).map((grade) => `${grade}=${most + 1 - grade}`)
  findings.doubt(
    column,
    `${isGerman ? 'In a German table' : 'By its name'} 1 is the best grade, but a higher number counts as a better rating here.`,
    `--rating-values ${turned.length > 0 ? turned.join(',') : 'GRADE=NUMBER,…'}`,
  )
}

/** In a table without names, whole numbers after user and item that are on no rating scale are counts. */
export function countByOrder(findings: Findings): void {
  if (findings.table.named || !findings.open('count') || !findings.open('rating') || findings.found.has('event')) return
  const [column, rival] = findings
    .free()
    .filter((free) => findings.table.columns.indexOf(free) >= 2 && mayBeAmount(free))
  if (!column?.statistics || rival || column.statistics.kind !== 'integer' || !mayCount(column.statistics)) return
  if (losesMany('count', column, findings.table.rows)) return
  const { min, max } = column.statistics
  const evidence = `The file has no column names, and whole numbers from ${min} to ${max} after users and items are taken for counts.`
  findings.take('count', { column, certainty: 'guess', evidence }, null)
  findings.optionOf(column, '--count none')
}

/** Leaves out the latitudes and longitudes of a table without names, and the time zones beside them, which are not ratings or counts. */
export function leavePlaces(findings: Findings): void {
  const { columns } = findings.table
  const at = columns.findIndex((column, position) => {
    const next = columns[position + 1]
    return next !== undefined && isDegrees(column, 90) && isDegrees(next, 180)
  })
  const [latitude, longitude] = at < 0 ? [] : columns.slice(at, at + 2)
  if (!latitude || !longitude || [latitude, longitude].some(({ name }) => findings.taken.has(name))) return
  const leave = (column: RecognisedColumn, evidence: string): void => {
    findings.taken.add(column.name)
    findings.say(column, 'left out', 'likely', evidence, false, 'Columns', '--rating COLUMN or --count COLUMN')
  }
  for (const column of [latitude, longitude])
    leave(column, 'By their ranges and decimals, this column and the next are coordinates on a map.')
  for (const column of findings.free().filter(isZone))
    leave(column, 'Next to coordinates, its numbers are time-zone offsets in minutes.')
}

/** Fewer different numbers than this are not ratings, unless a name says so. */
export const fewestGrades = 4
