import { roleOfName } from './column-names'
import { nameInteractions } from './suggest-mapping'

/** The minimum share of a column's values with the form of its first cell. */
const sharedForm = 0.9
/** With fewer rows below it, the form of a first line proves nothing. */
const fewestBelow = 3

/**
 * Whether a line is one of the rows below it rather than their header: at least half of its cells are values of other rows, too, or have a number in the same
 * place as the values of their column, such as “u9” among “u12” and “u3”; and no other cell is a usual column name.
 */
export function isLikeRows(first: readonly string[], below: readonly (readonly string[])[]): boolean {
  if (below.length < fewestBelow || nameInteractions(first)) return false
  const line = first.join('\0')
  // Files that were joined repeat a header as a whole line.
  const rows = below.filter((row) => row.join('\0') !== line)
  const filled = first.map((cell, column) => ({ cell: cell.trim(), column })).filter(({ cell }) => cell !== '')
  const judged = filled.map(({ cell, column }) => {
    const values = rows.map((row) => (row[column] ?? '').trim()).filter((value) => value !== '')
    const form = formOfValue(cell)
    const isFormed =
      /\d/.test(cell) && values.filter((value) => formOfValue(value) === form).length >= sharedForm * values.length
    const isNamed = roleOfName(cell)?.whole === true
    return { isNamed: isNamed && !isFormed, isLike: values.length > 0 && (isFormed || values.includes(cell)) }
  })
  const alike = judged.filter(({ isLike }) => isLike)
  return (
    2 * alike.length >= filled.length &&
    alike.some(({ isNamed }) => !isNamed) &&
    !judged.some(({ isNamed, isLike }) => isNamed && !isLike)
  )
}

/** A value with each number in it as 0. */
const formOfValue = (value: string): string => value.replaceAll(/\d+/g, '0')
