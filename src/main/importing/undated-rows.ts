import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnMapping } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { formatCounted } from '../../shared/format'
import type { Choice, MissingTimes } from '../../shared/reading'
import { identifier, isNone } from './duckdb'
import { interactionProblems } from './interactions'
import { count } from './load-table'

const noTime = ['no time', 'time stands for no time at all'] as const

/** The choice about rows without a time, with their number; none if every row has one. */
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

/** How far in the future a time may be without a warning, because of other time zones and planned events. */
const aheadDays = 366
/** Seconds up to the year 9999: larger numbers order the interactions, but are no times. */
const endOfTimes = 253_402_300_799

/** Warns about times in the future, which are unlikely for interactions; nothing if there are none. */
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
      `SELECT count(*), max(time) FROM ${table} WHERE problem = 0 AND time > ${limit} AND time <= ${endOfTimes}`,
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
      evidence: `${formatCounted(rows, 'row')} ${rows === 1 ? 'is' : 'are'} more than a year in the future, up to ${new Date(latest * 1000).toISOString().slice(0, 10)}: an error, or another unit.`,
      affectsData: true,
      control: 'Times',
      option: '--times seconds, milliseconds, excel, … (see vasp import --help), or --time none',
    },
  ]
}

/** The same for a preview's table of texts. */
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
  const has = rows === 1 ? 'has' : 'have'
  return [
    {
      about: 'times',
      file: null,
      column,
      value: kept ? 'rows without a time are kept as the oldest ones' : 'rows without a time are left out',
      certainty: kept ? 'certain' : 'guess',
      evidence: kept
        ? `${formatCounted(rows, 'row')} ${has} no time, or none that can be read. They precede all others, in the order of the file.`
        : `${formatCounted(rows, 'row')} ${has} no time.`,
      affectsData: true,
      control: 'Missing times',
      option: kept ? '--missing-times reject' : '--missing-times oldest, or --time none to leave all times out',
    },
  ]
}

/**
 * SQL of the time for rows without one: a second before the earliest, so that they are the oldest.
 * @throws StudioError BAD_INPUT if no row has a time
 */
export async function oldestTime(connection: DuckDBConnection, tables: readonly string[]): Promise<string> {
  const all = tables.map((table) => `SELECT time FROM ${table} WHERE problem = 0`).join(' UNION ALL ')
  const result = await connection.runAndReadAll(
    `SELECT CASE WHEN min(time) < 0 THEN min(time) - 1 ELSE greatest(min(time) - 1, 0) END::VARCHAR FROM (${all})`,
  )
  const [[oldest] = []] = result.getRows()
  if (typeof oldest !== 'string')
    throw badInput(
      'No row has a time, so rows without a time cannot be kept as the oldest.',
      'Choose no time column (--time none; in the app: Time).',
    )
  return `coalesce(time, ${oldest}::DOUBLE)`
}
