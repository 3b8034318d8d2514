import { formatCount, formatCounted } from '../../shared/format'
import type { Choice, ReadingOverrides } from '../../shared/reading'
import { detectDialect, type DetectedDialect, readAsText } from './dialect'
import type { TemporaryDatabase } from './duckdb'
import { plainText, type RowEnds, type TextForm } from './plain-text'
import type { NamedFile } from './source-file'

/** A text whose rows end with some of its line endings only, and the choice about that. */
export interface TextOfRows {
  readonly path: string
  readonly detected: DetectedDialect
  readonly choice: Choice
  /** The file's line from which a line of the text comes. */
  readonly lineOf: (line: number) => number
}

const meanings: Readonly<Record<Exclude<RowEnds, 'any'>, string>> = {
  'no carriage return': 'carriage returns alone are spaces within values',
  'pairs only': 'carriage returns or line feeds alone are spaces within values',
}

/**
 * Exports write line breaks of a value as they were typed, without quotes if these are not the ones that end rows: a carriage return in a file whose rows end
 * with line feeds (Airbnb), a line feed where they end with both (databases of Microsoft). If more lines are rows when such a break is a part of its value,
 * this gives a copy of the text in which it is a space; null if not, as in files joined from parts with different endings.
 * @param path the text with all line endings alike
 */
export async function textOfRows(
  temporary: TemporaryDatabase,
  file: NamedFile,
  form: TextForm,
  path: string,
  { dialect }: DetectedDialect,
  reading: ReadingOverrides,
  { signal, limit }: { readonly signal: AbortSignal | null; readonly limit: number },
): Promise<TextOfRows | null> {
  const { lineFeed, pair, carriageReturn } = form.ends
  const candidates: Exclude<RowEnds, 'any'>[] = [
    ...(carriageReturn && (lineFeed || pair) ? (['no carriage return'] as const) : []),
    ...(pair && (lineFeed || carriageReturn) ? (['pairs only'] as const) : []),
  ]
  if (candidates.length === 0) return null
  const as = await linesOf(temporary, path, dialect)
  let [best, least]: [TextOfRows | null, number] = [null, as.broken]
  for (const rowEnds of candidates) {
    if (least === 0) break
    const within: number[] = []
    const copy = await plainText(file, form, temporary.folder, signal, limit, rowEnds, (line) => void within.push(line))
    const detected = await detectDialect(temporary, copy, file.name, reading)
    if (detected.dialect.columns.length < dialect.columns.length) continue
    const found = await linesOf(temporary, copy, detected.dialect)
    if (found.rows < as.rows || found.broken >= least) continue
    least = found.broken
    const evidence = `If every line ending ended a row, ${formatCount(as.rows)} of ${formatCounted(as.rows + as.broken, 'line')} would be rows; so ${formatCount(found.rows)} of ${formatCount(found.rows + found.broken)} are.`
    best = {
      path: copy,
      detected,
      lineOf: (line) => line + numberBelow(within, line),
      choice: {
        about: 'quotes',
        file: file.name,
        column: null,
        value: meanings[rowEnds],
        certainty: 'likely',
        evidence,
        affectsData: true,
        control: 'Quotes',
        option: 'an export that quotes values of several lines',
      },
    }
  }
  return best
}

/** How many of some ascending numbers are below another. */
function numberBelow(ascending: readonly number[], most: number): number {
  let [from, to] = [0, ascending.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((ascending[middle] ?? most) < most) from = middle + 1
    else to = middle
  }
  return from
}

let counted = 0

/** How many lines of a text are rows, and how many are not. */
async function linesOf({ connection }: TemporaryDatabase, path: string, dialect: DetectedDialect['dialect']) {
  const table = `row_ends_${counted++}`
  const rejects = ['store_rejects = true', `rejects_table = '${table}_errors'`, `rejects_scan = '${table}_scans'`]
  const one = async (sql: string): Promise<number> => Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
  const rows = await one(`SELECT count(*) FROM ${readAsText(path, dialect, rejects)}`)
  const broken = await one(`SELECT count(DISTINCT line_byte_position) FROM ${table}_errors`)
  for (const kind of ['errors', 'scans']) await connection.run(`DROP TABLE IF EXISTS ${table}_${kind}`)
  return { rows, broken }
}
