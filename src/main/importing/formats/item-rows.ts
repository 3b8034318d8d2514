import type { Choice } from '../../../shared/reading'
import { headOf, longestLine } from '../plain-text'
import type { Format } from './format'
import { linesOf } from './lines'
import { TextWriter } from './text-writer'

/** A user without items may be alone on a line. */
const line = /^\d+(?: \d+)* ?$/
/** The number of bytes that show how a file's lines are written. */
const headBytes = 1 << 16
/** With fewer lines, their lengths may be the same by chance. */
const fewestLines = 5

/** Whether each line has a user, who is on no other line, and the user's items: whole numbers with spaces between them, and not the same number on each line. */
function holdsItemRows(path: string): boolean {
  const bytes = headOf(path, headBytes)
  const lines = bytes
    .toString('latin1')
    .split(/\r?\n/)
    .filter((text) => text !== '')
  const whole = bytes.length < headBytes ? lines : lines.slice(0, -1)
  if (whole.length < fewestLines || !whole.every((text) => line.test(text))) return false
  const cells = whole.map((text) => text.trim().split(' '))
  const lengths = new Set(cells.map(({ length }) => length))
  const users = new Set(cells.map(([user]) => user))
  const repeats = cells.some((row) => new Set(row.slice(1)).size < row.length - 1)
  return lengths.size > 2 && users.size === cells.length && !repeats
}

/** A line for each user: the user, then the user's items, the format of the data for graph recommenders (NGCF, LightGCN). */
export const itemRows: Format = {
  name: 'items by user',
  recognises: (head, file) => /^\d+ \d+/.test(head.toString('latin1', 0, 64)) && holdsItemRows(file.path),
  async toText(file, conversion) {
    const writer = new TextWriter(conversion)
    /** Lines of the file by line of the table. */
    const lines: number[] = []
    let at = 0
    try {
      for await (const text of linesOf(file.path, conversion.signal, longestLine)) {
        at++
        const [user = '', ...items] = text.trim().split(/\s+/)
        for (const item of items) {
          lines.push(at)
          await writer.row([user, item])
        }
        if (!writer.wantsMore) break
      }
      const choice: Choice = {
        about: 'layout',
        file: file.name,
        column: null,
        value: 'a user and the user’s items in each line',
        certainty: 'guess',
        evidence: `Each line has whole numbers separated by spaces. The lines have different lengths and begin with different numbers: the first is taken for the user, the others for the user’s items.`,
        affectsData: true,
        control: 'Files',
        option: 'a file with a row for each user and item',
      }
      const converted = await writer.end(['user', 'item'])
      return { ...converted, choices: [choice], lineOf: (row) => lines[row - 1] ?? row }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}
