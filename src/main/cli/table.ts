import stringWidth from 'string-width'

export interface Column {
  readonly title: string
  /** Numbers are aligned to the right, so that their digits are below each other. */
  readonly align: 'left' | 'right'
}

export const text = (title: string): Column => ({ title, align: 'left' })
export const number = (title: string): Column => ({ title, align: 'right' })

/**
 * The longest cell; a longer title is shortened, so that it does not push every column off the screen. Cells that differ only beyond it are shown whole.
 */
const widestCell = 60

/** Plain aligned columns under a line of headings, two spaces apart; widths are those of a terminal (a CJK character takes two). */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const fitted = columns.map((_, c) => fitColumn(rows.map((row) => row[c] ?? '')))
  const cells = [columns.map((column) => column.title), ...rows.map((__, r) => fitted.map((column) => column[r] ?? ''))]
  const widths = columns.map((_, c) => Math.max(...cells.map((row) => stringWidth(row[c] ?? ''))))
  const lines = cells.map((row) =>
    columns
      .map((column, c) => pad(row[c] ?? '', widths[c] ?? 0, column.align))
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}

/** Names and values in two columns: `key   value`. */
export function listing(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([key]) => stringWidth(key)))
  return rows.map(([key, value]) => `${pad(key, width, 'left')}  ${value}`).join('\n')
}

function pad(cell: string, width: number, align: Column['align']): string {
  const gap = ' '.repeat(Math.max(0, width - stringWidth(cell)))
  return align === 'right' ? gap + cell : cell + gap
}

/** Control characters in data would move the cursor. */
const withoutControl = (cell: string): string => cell.replace(/\p{Cc}/gu, ' ')

/** The cells of a column, shortened where no other cell looks the same then. */
function fitColumn(cells: readonly string[]): string[] {
  const plain = cells.map(withoutControl)
  const cut = plain.map(shortened)
  const wholes = new Map<string, Set<string>>()
  cut.forEach((short, r) => wholes.set(short, (wholes.get(short) ?? new Set()).add(plain[r] ?? '')))
  return cut.map((short, r) => ((wholes.get(short)?.size ?? 0) > 1 ? (plain[r] ?? '') : short))
}

function shortened(plain: string): string {
  if (stringWidth(plain) <= widestCell) return plain
  let cut = ''
  for (const character of plain) {
    if (stringWidth(cut) + stringWidth(character) > widestCell - 1) break
    cut += character
  }
  return `${cut}…`
}
