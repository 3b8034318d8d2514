import { nameMatches, partOfTime, saysId, saysTotal } from './column-names'
import { foldedWords, wordsOf } from './name-words'
import { holdsTimes, type RecognisedColumn } from './column-content'
import { months, plainWord } from './values/date-words'

/** Words for what happened, in the plural: beside an item, their numbers say how often. */
const happenings = foldedWords(
  `checkouts loans issues renewals downloads requests visits streams sales orders purchases reads sessions usage investigations searches ausleihen entleihungen abrufe verkaufe besuche
   prets emprunts telechargements visites ventes prestamos descargas visitas ventas prestiti vendite emprestimos vypujcky wypozyczenia`,
)

const isNumber = ({ statistics }: RecognisedColumn): boolean =>
  statistics?.kind === 'integer' || (statistics?.kind === 'number' && statistics.whole === true)

/** Whether a name is that of a month or a year: Apr-2023, 2023-04, March, 2020. */
function namesPeriod(name: string): boolean {
  const parts = name.match(/\p{L}+|\d+/gu) ?? []
  const isYear = (part: string): boolean => /^(?:19|20)\d{2}$/.test(part)
  const isMonth = (part: string): boolean => months.has(plainWord(part))
  return (
    parts.some((part) => isYear(part) || isMonth(part)) &&
    parts.every((part) => isYear(part) || isMonth(part) || /^(?:0?[1-9]|1[0-2])$/.test(part))
  )
}

/** Whether whole numbers are years or months, by the name of their column. */
function holdsPeriods(column: RecognisedColumn): boolean {
  const part = partOfTime(column.name)
  return isNumber(column) && (part === 'year' || part === 'quarter' || part === 'month')
}

const saysHowOften = (name: string): boolean =>
  saysTotal(name) ||
  nameMatches(name).some(({ role }) => role === 'count') ||
  wordsOf(name).some((word) => happenings.has(word))

/** Whether whole numbers say how often or when something happened, by the name of their column: they are nobody's ids. */
export const countsOrDates = (column: RecognisedColumn): boolean =>
  isNumber(column) &&
  !saysId(column.name) &&
  (namesPeriod(column.name) || holdsPeriods(column) || saysHowOften(column.name))

/**
 * Whether a table seems to hold totals of items, such as a report of a library or a publisher: a column for each of several months or years, or how often
 * something happened in a year or a month, without a day.
 */
export function holdsTotals(columns: readonly RecognisedColumn[]): boolean {
  const counts = columns.filter(countsOrDates)
  if (counts.filter(({ name }) => namesPeriod(name)).length > 1) return true
  if (columns.some((column) => holdsTimes(column) || partOfTime(column.name) === 'day')) return false
  return counts.some(holdsPeriods) && counts.some(({ name }) => saysHowOften(name))
}
