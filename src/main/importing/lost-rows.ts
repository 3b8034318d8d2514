import { holdsTimes, isNumeric, type RecognisedColumn, type Role } from './column-content'

/** The share of rows that may lack a time before another column is preferred. */
const fewUndated = 0.05
/** The same for other values of an interaction; a count that more rows lack is not used at all. */
const fewBlanks = 0.1
/** A column that is blank in a larger share of the rows holds next to nothing, whatever its name says. */
const nearlyAll = 0.9
/** The same for users and items, without which a row cannot be used at all. */
const most = 0.5

/** The number of rows that an import would reject if a column had a role, because they have no value for it, one that stands for none, such as 0000-00-00, or one that cannot be read. */
export function lostRows(role: Role, column: RecognisedColumn, rows: number): number {
  const { statistics } = column
  if (!statistics) return 0
  const { kind, empty, numbers, times, epochs = 0, noTimes = 0, mostly } = statistics
  const filled = rows - empty
  if ((role === 'rating' || role === 'count') && kind === 'text' && numbers > 0) return empty + filled - numbers
  if (role !== 'time') return empty
  if (isNumeric(statistics) || mostly === 'numbers')
    return empty + (epochs > 0 && holdsTimes(column) ? filled - epochs : 0)
  return times > 0 ? empty + filled - times + noTimes : empty
}

/** Whether a column would lose so many of the rows that another one is preferred to it. */
export const losesMany = (role: Role, column: RecognisedColumn, rows: number): boolean =>
  lostRows(role, column, rows) > (role === 'time' ? fewUndated : fewBlanks) * rows

/** Whether so few rows have a value that another column is preferred, whatever the names say. A column that was not examined may be empty, too. */
export const isNearlyEmpty = (role: Role, { statistics }: RecognisedColumn, rows: number): boolean =>
  statistics == null || statistics.empty > (role === 'user' || role === 'item' ? most : nearlyAll) * rows

/** Whether more rows lack a value than have one, so that a column is no rival of one that most rows have. */
export const isMostlyBlank = ({ statistics }: RecognisedColumn, rows: number): boolean =>
  statistics != null && statistics.empty > most * rows
