import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnMapping } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { formatCounted } from '../../shared/format'
import type { Choice, MissingTimes } from '../../shared/reading'
import { identifier, isNone } from './duckdb'
import { interactionProblems } from './interactions'
import { count } from './load-table'

const noTime = ['no time', 'time stands for no time at all'] as const

/** What becomes of rows without a time, with their number; nothing where every row has one. */
export async function undatedChoices(
  connection: DuckDBConnection,
  tables: readonly string[],
  mapping: ColumnMapping,
  missingTimes: MissingTimes,
): Promise<Choice[]> {
  if (mapping.time === null) return []
  const problems = noTime.map((reason) => interactionProblems.indexOf(reason)).join(', ')
  const which = missingTimes === 'oldest' ? 'problem = 0 AND time IS NULL' : `problem IN (${problems})`
  let rows = 0
  for (const table of tables) rows += await count(connection, `SELECT count(*) FROM ${table} WHERE ${which}`)
  return undatedChoice(rows, mapping.time, missingTimes)
}

/** How far ahead of now a time may lie before it is said: clocks of other zones, and events that are planned. */
const aheadDays = 366

/** Says of times in the future that they are hardly when something was done; nothing where there are none. */
export async function futureChoices(
  connection: DuckDBConnection,
  tables: readonly string[],
  column: string | null,
): Promise<Choice[]> {
  if (column === null) return []
  let [rows, latest] = [0, 0]
  const limit = Date.now() / 1000 + aheadDays * 86_400
  for (const table of tables) {
    const result = await connection.runAndReadAll(
      `SELECT count(*), max(time) FROM ${table} WHERE problem = 0 AND time > ${limit}`,
    )
    const [[found, last] = []] = result.getRows()
    rows += Number(found)
    latest = Math.max(latest, Number(last ?? 0))
  }
  if (rows === 0) return []
  return [
    {
      about: 'times',
      file: null,
      column,
      value: 'times in the future as they stand',
      certainty: 'guess',
      evidence: `${formatCounted(rows, 'row')} ${rows === 1 ? 'lies' : 'lie'} more than a year ahead, up to ${new Date(latest * 1000).toISOString().slice(0, 10)}: a slip, or another unit.`,
      affectsData: true,
      control: 'Times',
      option: '--times seconds, milliseconds, excel, … (see vasp import --help), or --time none',
    },
  ]
}

/** The same of a table of texts that a preview looks at. */
export async function undatedTexts(
  connection: DuckDBConnection,
  table: string,
  column: string | null,
  missingTimes: MissingTimes,
): Promise<Choice[]> {
  if (column === null) return []
  const rows = await count(connection, `SELECT count(*) FROM ${table} WHERE ${isNone(identifier(column))}`)
  return undatedChoice(rows, column, missingTimes)
}

function undatedChoice(rows: number, column: string, missingTimes: MissingTimes): Choice[] {
  if (rows === 0) return []
  const kept = missingTimes === 'oldest'
  const order = kept ? ' They come before all others, in the order of the file.' : ''
  return [
    {
      about: 'times',
      file: null,
      column,
      value: kept ? 'rows without a time are kept as the oldest ones' : 'rows without a time are left out',
      certainty: kept ? 'certain' : 'guess',
      evidence: `${formatCounted(rows, 'row')} ${rows === 1 ? 'has' : 'have'} none.${order}`,
      affectsData: true,
      control: 'Missing times',
      option: kept ? '--missing-times reject' : '--missing-times oldest',
    },
  ]
}

/**
 * SQL of the time of rows that have none: a second before the earliest of all, so that they are the oldest.
 * @throws StudioError BAD_INPUT where no row has a time
 */
export async function oldestTime(connection: DuckDBConnection, tables: readonly string[]): Promise<string> {
  const all = tables.map((table) => `SELECT time FROM ${table} WHERE problem = 0`).join(' UNION ALL ')
  const result = await connection.runAndReadAll(`SELECT greatest(min(time) - 1, 0)::VARCHAR FROM (${all})`)
  const [[oldest] = []] = result.getRows()
  if (typeof oldest !== 'string')
    throw badInput('No row has a time, so that none is older than another.', 'Choose no column for the time.')
  return `coalesce(time, ${oldest}::DOUBLE)`
}
