import { roleOfName } from './column-names'

/** With fewer columns, a first line of a name and numbers is rather a row, unless the user chose the layout of a matrix. */
const fewestNumbers = 3
/** With so many numbers that are all different, a row of ratings is hardly ever meant. */
const manyDifferent = 5
/** The largest number of a scale of ratings: that of percent. */
const mostRating = 100
/** Minimum share of the cells below that are on such a scale, beside empty ones and words such as NA. */
const nearlyAll = 0.9

const isNumber = (cell: string): boolean => cell !== '' && Number.isFinite(Number(cell.replace(',', '.')))
const isId = (cell: string): boolean => /^\d+$/.test(cell)

/**
 * Whether a first line names the columns of a rating matrix by the numbers of items (or users), as pivot tables do: a name for the ids of the rows, such as “user”, or
 * none, then whole numbers that are all different, above ratings. The names of other tables are no numbers.
 * @param below the rows below it that are as wide
 * @param isMatrix whether the user chose the layout of a matrix: then any name may stand before two numbers
 */
export function isHeaderOfNumbers(
  first: readonly string[],
  below: readonly (readonly string[])[],
  isMatrix: boolean,
): boolean {
  const [name = '', ...numbers] = first.map((cell) => cell.trim())
  if (below.length < 2 || numbers.length < (isMatrix ? 2 : fewestNumbers) || isNumber(name)) return false
  if (!numbers.every(isId) || new Set(numbers).size < numbers.length) return false
  // The id of a row may occur again; the name of the column does not.
  if (below.some((row) => (row[0] ?? '').trim() === name)) return false
  if (isMatrix) return true
  const ratings = below.flatMap((row) =>
    row
      .slice(1)
      .map((cell) => cell.trim())
      .filter(isNumber),
  )
  const values = ratings.map((cell) => Number(cell.replace(',', '.')))
  const onScale = values.filter((value) => Math.abs(value) <= mostRating)
  if (onScale.length === 0 || onScale.length < nearlyAll * values.length) return false
  const most = onScale.reduce((a, b) => Math.max(a, b))
  const beyond = numbers.filter((number) => Number(number) > most).length
  const rise = numbers.every((number, at) => at === 0 || Number(number) > Number(numbers[at - 1]))
  const role = roleOfName(name)
  const namesRows = role?.whole === true && (role.role === 'user' || role.role === 'item' || role.role === 'title')
  if (namesRows) return rise || 2 * beyond >= numbers.length || numbers.length >= manyDifferent
  return name === '' && (beyond === numbers.length || (rise && numbers.length >= manyDifferent))
}
