/** Padding of cells in tables that programs print; carriage returns remain from mixed line endings. */
export const padding = ' \t\r\u00a0\u2007\u202f\u3000'

/**
 * A formula of an empty text, which exports write for an empty cell where they protect the others from being read as numbers: ="". If the file's
 * quotes have no meaning, its own are doubled.
 */
const emptyFormula = `"*=[${padding}]*"[${padding}"]*"`

/** A pattern of a whole cell without a value, for RE2 as well as for JavaScript. */
export const blankCell = `[${padding}]*(?:${emptyFormula}[${padding}]*)?`

const wholeCell = new RegExp(`^${blankCell}$`, 'u')

/** Whether a cell has no value: nothing but spaces, or the formula of an empty text. */
export const isBlankCell = (cell: string): boolean => cell.trim() === '' || wholeCell.test(cell)
