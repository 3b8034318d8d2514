import { badInput } from '../../../shared/errors'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { headOf, longestLine } from '../plain-text'
import type { Format } from './format'
import { linesOf, withNext } from './lines'
import { TextWriter } from './text-writer'

/** The line of dashes below the names of a table that a database console prints: each group is as wide as its column. */
interface Ruler {
  readonly text: string
  readonly columns: readonly { readonly from: number; readonly to: number }[]
}

/** The number of bytes that show how a file's lines are written. */
const headBytes = 1 << 16
/** The minimum share of the lines below the ruler whose values lie within its columns. */
const nearlyAll = 0.8
/** SQL*Plus writes tabs for blanks up to the next of these positions. */
const tabStop = 8
/** The number of lines over which a row's values may go on. */
const mostLines = 100

/** A line as a console shows it: without the sign of a new page and the blanks at its end, and with blanks for tabs. */
function shown(line: string): string {
  const text = line.replace(/^[\ufeff\f]+/, '').trimEnd()
  if (!text.includes('\t')) return text
  return text
    .split('\t')
    .reduce((before, piece) => before.padEnd((Math.floor(before.length / tabStop) + 1) * tabStop) + piece)
}

const isDashes = (line: string): boolean => /^ *-{2,}(?: +-+)*$/.test(line)

function rulerOf(line: string): Ruler | null {
  if (!/^ *-+(?: +-+)+$/.test(line) || !line.includes('--')) return null
  return {
    text: line,
    columns: [...line.matchAll(/-+/g)].map(({ index, 0: dashes }) => ({ from: index, to: index + dashes.length })),
  }
}

/** The pieces of a line in the ruler's columns, in characters as people count them; null if something stands between the columns. The last one goes on to the line's end. */
function piecesOf(line: string, { columns }: Ruler): string[] | null {
  // Characters beyond the first 65,536 are two in JavaScript's texts.
  const characters = /[\ud800-\udfff]/.test(line) ? Array.from(line) : null
  const piece = (from: number, to?: number): string =>
    characters ? characters.slice(from, to).join('') : line.slice(from, to)
  const pieces: string[] = []
  let end = 0
  for (const [at, { from, to }] of columns.entries()) {
    if (piece(end, from).trim() !== '') return null
    pieces.push(piece(from, at === columns.length - 1 ? undefined : to).trim())
    end = to
  }
  return pieces
}

const filled = (pieces: readonly string[]): number => pieces.filter((piece) => piece !== '').length

/** The column names in a line right above a ruler, which may be shifted if it has a word for each column; null if it has none. */
function namesAbove(line: string, ruler: Ruler): string[] | null {
  const names = piecesOf(line, ruler)
  if (names) return filled(names) > 1 ? names : null
  const words = line.trim().split(/ +/)
  return words.length === ruler.columns.length ? words : null
}

/** Whether the lines below a ruler begin with another one: lines that were wider than the console's page were broken, names and rows alike. */
const isBroken = ([first = '', second = '']: readonly string[]): boolean =>
  isDashes(first) || (first !== '' && isDashes(second))

/** The table that a console printed, with its column names and its first rows; null if a text has none. */
export function ruledTable(
  text: readonly string[],
): { readonly names: readonly string[]; readonly rows: readonly (readonly string[])[] } | null {
  const lines = text.map(shown)
  for (const [at, line] of lines.entries()) {
    const ruler = at > 0 ? rulerOf(line) : null
    const header = lines[at - 1] ?? ''
    const names = ruler && namesAbove(header, ruler)
    if (ruler && isDashes(lines[at + 1] ?? '')) return { names: [], rows: [] }
    if (!names) continue
    if (isBroken(lines.slice(at + 1))) return { names, rows: [] }
    const below = lines.slice(at + 1).filter((other) => other !== '' && other !== line && other !== header)
    const rows = below.flatMap((other) => [piecesOf(other, ruler) ?? []]).filter((pieces) => filled(pieces) > 1)
    return rows.length > 0 && rows.length >= nearlyAll * below.length ? { names, rows } : null
  }
  return null
}

/** What a console writes about its own work, and lines with a prompt. */
const prompt = /^(?:SQL|db2|mysql|[1-9]\d?) ?=?>(?: |$)/
const remark =
  /^(?:no rows selected|Elapsed: [\d:.]+|Input truncated to \d+ characters|PL\/SQL procedure successfully completed\.)$/
/** How many rows there were, in the language of the console. */
const count = /^\(?(\d[\d.,'\u00a0\u202f]*) \p{L}[\p{L} ()/-]*[.)]*$/u

/** How many rows a line says that there were; null if it says nothing about that. */
function countIn(line: string): number | null {
  const [, digits] = count.exec(line.trim()) ?? []
  return digits === undefined ? null : Number(digits.replaceAll(/\D/g, ''))
}

/** A line in which only numbers may differ from page to page. */
const pattern = (line: string): string => line.trim().replaceAll(/\d+/g, '0').replaceAll(/ +/g, ' ')

/**
 * The number of lines below a row in which its values go on, because they were too long for their columns. They have no values of their own in other
 * columns, their words had no room in the line above, and SQL*Plus writes a blank line after them.
 */
function linesOfRest(row: readonly string[], next: readonly string[], ruler: Ruler): number {
  let above = row
  for (const [at, line] of next.entries()) {
    if (line === '') return at
    const rest = piecesOf(line, ruler)
    if (!rest || filled(rest) === 0) return 0
    const hadRoom = rest.some((piece, column) => {
      const { from, to } = ruler.columns[column] ?? { from: 0, to: 0 }
      const before = above[column] ?? ''
      const [word = ''] = piece.split(' ')
      return piece !== '' && (before === '' || before.length + 1 + word.length <= to - from)
    })
    if (hadRoom || !rest.some((piece, column) => piece === '' && row[column] !== '')) return 0
    above = rest
  }
  return 0
}

/** Numbers of lines for a sentence. */
function listed(lines: readonly number[]): string {
  const first = lines.slice(0, 4).map(formatCount).join(', ')
  return lines.length > 4 ? `${first}, …` : first
}

/** What a line is: a row's cells, a line without a row, or the beginning of what is not read. */
type Line = readonly string[] | 'no row' | 'another table'

/** Reads what a console printed line by line. */
class Printed {
  readonly #headings: number[] = []
  readonly #remarks: number[] = []
  /** The first lines of rows whose values go on in the next line. */
  readonly #continued: number[] = []
  readonly #doubts: { readonly value: string; readonly evidence: string }[] = []
  /** Patterns of the lines above the table, which each page may repeat. */
  readonly #above = new Set<string>()
  #table: { readonly ruler: Ruler; readonly names: readonly string[] } | null = null
  #at = 0
  /** All rows, and those since the last line that says how many there were. */
  #all = 0
  #rows = 0
  /** Whether lines may be rows: those after a prompt are a query. */
  #inTable = false
  /** The number of lines that are still to come of the row above. */
  #resting = 0
  #previous = ''

  constructor(private readonly file: string) {}

  take(line: string, next: readonly string[]): Line {
    this.#at++
    const taken = this.#kindOf(line, next)
    this.#previous = line
    return taken
  }

  #kindOf(line: string, next: readonly string[]): Line {
    const [below = ''] = next
    const ruler = rulerOf(below)
    const names = ruler && line !== '' ? namesAbove(line, ruler) : null
    if (!this.#table) {
      if (ruler && (names ? isBroken(next.slice(1)) : isDashes(next[1] ?? ''))) throw this.#broken()
      if (ruler && names) this.#table = { ruler, names }
      if (/\p{L}/u.test(line)) this.#above.add(pattern(line))
      if (line !== '') this.#headings.push(this.#at)
      return 'no row'
    }
    if (this.#resting > 0) this.#resting--
    else if (line === this.#table.ruler.text) {
      this.#headings.push(this.#at)
      this.#inTable = true
    } else if (line !== '' && this.#above.has(pattern(line))) this.#headings.push(this.#at)
    else if (names) return this.#another(names)
    else if (line !== '' && !this.#isRemark(line, this.#table.ruler)) return this.#row(line, next, this.#table.ruler)
    return 'no row'
  }

  #row(line: string, next: readonly string[], ruler: Ruler): Line {
    this.#all++
    this.#rows++
    const pieces = piecesOf(line, ruler)
    this.#resting = pieces ? linesOfRest(pieces, next, ruler) : 0
    if (this.#resting > 0) this.#continued.push(this.#at)
    // What does not fit the columns is a row with too few of them, which is rejected.
    return pieces && this.#resting === 0 ? pieces : [line.trim()]
  }

  /** Whether a line is the console's own; if it says how many rows there were, that is compared. */
  #isRemark(line: string, ruler: Ruler): boolean {
    const pieces = piecesOf(line, ruler)
    const said = this.#inTable && this.#previous === '' ? countIn(line) : null
    const isCount = said !== null && (said === this.#rows || pieces === null || filled(pieces) < 2)
    if (prompt.test(line)) this.#inTable = false
    if (this.#inTable && !isCount && !isDashes(line) && !remark.test(line)) return false
    this.#remarks.push(this.#at)
    if (isCount) {
      if (said !== this.#rows)
        this.#doubts.push({
          value: 'another number of rows than the file says',
          evidence: `Line ${formatCount(this.#at)} says “${line.trim()}”, but ${formatCounted(this.#rows, 'row was', 'rows were')} found above it.`,
        })
      this.#rows = 0
    }
    return true
  }

  #another(names: readonly string[]): 'another table' {
    const columns = names.slice(0, 6).join(', ')
    if (this.#all === 0)
      throw badInput(
        `${this.file} has a table without rows, then another one with the columns ${columns}.`,
        'Write the result of each query to a file of its own, then import the one with the interactions.',
      )
    this.#doubts.push({
      value: 'the first of several tables',
      evidence: `Line ${formatCount(this.#at)} begins another table, with the columns ${columns}. It and what follows it are left out.`,
    })
    return 'another table'
  }

  #broken(): Error {
    return badInput(
      `Each row of ${this.file} takes several lines: the table was wider than the console’s lines.`,
      'Write it again with longer lines (SQL*Plus: SET LINESIZE 32767; sqlcmd: -w 65535), then import that file.',
    )
  }

  /** The column names and the choices. @throws StudioError BAD_INPUT if there was no table. */
  end(): { readonly names: readonly string[]; readonly choices: readonly Choice[] } {
    if (!this.#table)
      throw badInput(`No table was recognised in ${this.file}.`, 'Choose a file with one rating per line.')
    const { names } = this.#table
    if (this.#continued.length > 0)
      this.#doubts.push({
        value: 'rows over several lines are rejected',
        evidence: `Values of ${formatCounted(this.#continued.length, 'row')} go on in the next line, because they are longer than their column (line ${listed(this.#continued)}). Whether a space was there is not known. Write the table with wider columns (SQL*Plus: COLUMN name FORMAT A200).`,
      })
    const about = { about: 'layout', file: this.file, column: null, affectsData: true } as const
    const left = [
      `${formatCounted(this.#headings.length, 'line')} with names, dashes and titles (${listed(this.#headings)})`,
      ...(this.#remarks.length > 0
        ? [`${formatCounted(this.#remarks.length, 'line')} of the console (${listed(this.#remarks)})`]
        : []),
    ]
    const choice: Choice = {
      ...about,
      value: 'columns as wide as the dashes below their names',
      certainty: 'likely',
      evidence: `The dashes below ${names.filter(Boolean).slice(0, 3).join(', ')} show where each column begins and ends. Left out: ${left.join(' and ')}.`,
      control: 'Separator',
      option: '--delimiter SIGN',
    }
    const doubts = this.#doubts.map((doubt): Choice => ({
      ...about,
      ...doubt,
      certainty: 'guess',
      control: 'Separator',
      option: '--delimiter SIGN',
    }))
    return { names, choices: [choice, ...doubts] }
  }
}

/** Text in columns of fixed width with a line of dashes below their names, as SQL*Plus, sqlcmd and the console of DB2 print tables. */
export const ruledColumns: Format = {
  name: 'columns below dashes',
  anyEncoding: true,
  recognises(head, file) {
    if (!head.includes('--')) return false
    const bytes = headOf(file.path, headBytes)
    const lines = bytes.toString('utf8').split(/\r?\n/)
    return ruledTable(bytes.length < headBytes ? lines : lines.slice(0, -1)) !== null
  },
  async toText(file, conversion) {
    const writer = new TextWriter(conversion)
    const printed = new Printed(file.name)
    async function* lines(): AsyncGenerator<string> {
      for await (const line of linesOf(file.path, conversion.signal, longestLine)) yield shown(line)
    }
    try {
      for await (const { line, next } of withNext(lines(), mostLines)) {
        const taken = printed.take(line, next)
        if (taken === 'another table') break
        // Lines without a row keep each row at its line of the file.
        if (taken === 'no row') await writer.line('')
        else await writer.row(taken.map((cell) => (cell === '' ? null : cell)))
        if (!writer.wantsMore) break
      }
      const { names, choices } = printed.end()
      return { ...(await writer.end(names)), choices }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}
