import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount, formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { decidesCells, reasonsInWords, type RejectedByReason } from '../../shared/rejected-words'
import { leftOutProblem } from './interaction-value'
import { interactionProblems } from './interactions'
import type { LoadedFile } from './load-table'
import { brokenLineCounts } from './rejected-rows'

export interface CountedProblems {
  /** Including lines that are not rows. */
  readonly rows: number
  readonly leftOut: number
  /** Unusable rows by reason, the most frequent first. */
  readonly reasons: RejectedByReason
}

/** How many rows of all files cannot be used, and why. */
export async function countProblems(
  connection: DuckDBConnection,
  files: readonly LoadedFile[],
): Promise<CountedProblems> {
  let [rows, broken, leftOut] = [0, 0, 0]
  const byReason = new Map<string, number>()
  for (const file of files) {
    rows += file.rows
    for (const [reason, lines] of await brokenLineCounts(connection, file)) {
      broken += lines
      byReason.set(reason, (byReason.get(reason) ?? 0) + lines)
    }
    leftOut += file.leftOut
    if (file.problems === 0) continue
    const result = await connection.runAndReadAll(
      `SELECT problem, count(*) FROM ${file.table} WHERE problem BETWEEN 1 AND ${leftOutProblem - 1} GROUP BY problem`,
    )
    for (const [problem, found] of result.getRows()) {
      const reason = interactionProblems[Number(problem)] ?? ''
      byReason.set(reason, (byReason.get(reason) ?? 0) + Number(found))
    }
  }
  return {
    rows: rows + broken,
    leftOut,
    reasons: [...byReason].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
  }
}

/** Up to this share of unusable rows there is no warning. */
const fewRejected = 0.1

/** What a person can do about the most frequent reason. */
function mends(reason: string): string {
  if (/^no (?:user|item) id$/.test(reason)) return 'other columns, or --layout groups where cells are merged'
  if (/\bcount\b/.test(reason)) return '--count COLUMN, or --count none, which counts each row as one interaction'
  if (/\brating\b/.test(reason)) return '--rating COLUMN, or --rating none, which counts each row as one interaction'
  if (/\btime\b/.test(reason))
    return '--time COLUMN, --time none, or --missing-times oldest, which keeps rows without a readable one'
  if (decidesCells(reason)) return '--delimiter, --quote, or an export that quotes values with the separator in them'
  return 'other columns, or a file in which each row has its user, item and values'
}

/** What a count means that is no number of interactions. */
function countsInWords(reasons: RejectedByReason): string {
  const has = (wanted: string): boolean => reasons.some(({ reason }) => reason === wanted)
  const zero = has('count is 0') ? ' A count of 0 says that nothing happened.' : ''
  return has('count is below zero') ? `${zero} A count below zero takes something back, such as a return.` : zero
}

/** Says why rows cannot be used; this is a warning if they are many, for example because of merged cells. */
export function rejectedChoice({ rows, leftOut, reasons }: CountedProblems, files: readonly LoadedFile[]): Choice[] {
  const rejected = reasons.reduce((sum, { count }) => sum + count, 0)
  const [most, ...others] = reasons
  if (!most) return []
  // Objects have no separators and quotes to choose.
  const isJson = files.every(({ source }) => source.format?.startsWith('JSON') === true)
  return [
    {
      about: 'values',
      file: null,
      column: null,
      value: `an import without ${formatCount(rejected)} of ${formatCounted(rows, 'row')}`,
      certainty: rejected > fewRejected * (rows - leftOut) ? 'guess' : 'likely',
      evidence: `${rejected === 1 ? 'It' : 'They'} cannot be used: ${others.length === 0 ? most.reason : reasonsInWords(reasons, null)}.${countsInWords(reasons)} vasp rejects and the page of the data set list all of them with line and reason.`,
      affectsData: true,
      control: decidesCells(most.reason) ? (isJson ? 'Files' : 'Separator') : 'Columns',
      option:
        decidesCells(most.reason) && isJson ? 'a complete export, in which each object is whole' : mends(most.reason),
    },
  ]
}
