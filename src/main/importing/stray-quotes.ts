import { join } from 'node:path'
import { formatCount, formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { type Dialect, readAsText } from './dialect'
import { type TemporaryDatabase, text } from './duckdb'
import { longestLine } from './plain-text'
import { rewriteLines } from './rewritten-lines'
import { withoutStray } from './table-shape'

/** A text without stray quotes, and the choice about them; null if there are none or they are harmless. */
export interface MendedQuotes {
  readonly path: string
  readonly choice: Choice
}

/**
 * A quote that is not closed on its line turns all lines up to the next quote into one value. If more rows can be read when such quotes are treated
 * as ordinary characters, this writes a copy of the text with them escaped; otherwise values over several lines remain.
 * @param path UTF-8 text with quotes
 */
export async function mendQuotes(
  temporary: TemporaryDatabase,
  path: string,
  dialect: Dialect,
  file: string,
  signal: AbortSignal | null,
): Promise<MendedQuotes | null> {
  if (dialect.quote === '' || !(await holdsOddLine(temporary, path, dialect))) return null
  const copy = join(temporary.folder, `quotes-${copies++}.csv`)
  const stray = await writeMended(path, copy, dialect, signal)
  if (stray.lines === 0) return null
  const [as, mended] = [await rowsOf(temporary, path, dialect), await rowsOf(temporary, copy, dialect)]
  const common = { about: 'quotes', file, column: null, affectsData: true, control: 'Quotes' } as const
  const line = stray.text.length > 80 ? `${stray.text.slice(0, 80)}…` : stray.text
  const counts = `With values over several lines, ${formatCounted(as, 'row')} can be read; without, ${formatCount(mended)}.`
  if (mended <= as)
    return {
      path,
      choice: {
        ...common,
        value: 'values may go on in the next line',
        certainty: mended < as ? 'certain' : 'likely',
        evidence: counts,
        option: '--quote none',
      },
    }
  return {
    path: copy,
    choice: {
      ...common,
      value: `the quotes of ${formatCounted(stray.lines, 'line')} are ordinary characters`,
      certainty: 'guess',
      evidence: `Line ${formatCount(stray.line)} has a quote that is not closed, or not closed at the end of its value: ${line}. ${counts}`,
      option: '--quote double',
    },
  }
}
let copies = 0

/** Whether some line has an odd number of quotes, or a value that continues after its closing quote (`"Best" of Abba`). */
async function holdsOddLine(
  { connection }: TemporaryDatabase,
  path: string,
  { quote, escape, delimiter }: Dialect,
): Promise<boolean> {
  const sign = quote === "'" ? "''" : quote
  const literal = delimiter.replaceAll(/[^\w\s]/g, String.raw`\$&`)
  const goesOn = `(^|${literal})${quote}[^${quote}]*${quote}[^${quote}${literal}\r]`
  // A quote that a backslash escapes is within its value.
  const line = escape === quote || escape === '' ? 'written' : `replace(written, ${text(escape + quote)}, '')`
  const options = [
    'auto_detect = false',
    `delim = '\u001f'`,
    `quote = ''`,
    `escape = ''`,
    `comment = ''`,
    'header = false',
    `columns = {'written': 'VARCHAR'}`,
    `max_line_size = ${longestLine}`,
    'ignore_errors = true',
  ]
  const result = await connection.runAndReadAll(
    `SELECT 1 FROM (SELECT ${line} AS line FROM read_csv('${path.replaceAll("'", "''")}', ${options.join(', ')}))
     WHERE contains(line, '${sign}') AND (
       (length(line) - length(replace(line, '${sign}', ''))) % 2 = 1 OR regexp_matches(line, ${text(goesOn)})
     ) LIMIT 1`,
  )
  return result.getRows().length > 0
}

async function rowsOf({ connection }: TemporaryDatabase, path: string, dialect: Dialect): Promise<number> {
  const result = await connection.runAndReadAll(
    `SELECT count(*) FROM ${readAsText(path, dialect, ['ignore_errors = true'])}`,
  )
  return Number(result.getRows()[0]?.[0])
}

/** Copies a text with every quote that is not closed on its line written as an ordinary character. */
async function writeMended(path: string, copy: string, dialect: Dialect, signal: AbortSignal | null) {
  const stray = { lines: 0, line: 0, text: '' }
  let number = 0
  const quoting = { ...dialect, delimiter: Buffer.from(dialect.delimiter).toString('latin1') }
  const mended = (line: string): string => {
    number++
    const written = line.includes(dialect.quote) ? withoutStray(line, quoting) : line
    if (written !== line && stray.lines++ === 0)
      Object.assign(stray, { line: number, text: Buffer.from(line, 'latin1').toString() })
    return written
  }
  await rewriteLines(path, copy, mended, signal)
  return stray
}
