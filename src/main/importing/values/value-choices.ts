import type { DuckDBConnection } from '@duckdb/node-api'
import type { SuggestedColumns } from '../../../shared/datasets'
import type { Choice, ReadingOverrides } from '../../../shared/reading'
import { partOfTime } from '../column-names'
import { cellColumns } from '../dialect'
import { identifier, isBlank, text } from '../duckdb'
import type { Source } from '../load-table'
import { droppedChoices, isDropped } from '../dropped-users'
import { forgetColumns, seeColumns } from './seen-columns'
import { garbledChoices } from './garbled-text'
import { ruinedIds } from './ruined-ids'
import { sharedIds } from './shared-ids'
import { tidyChoices, tidyId } from './tidy-ids'
import { valueForms } from './value-forms'

/** The maximum bytes of all files for which every value is examined before an import, which takes some seconds; an import examines all of them anyway. */
const mostBytes = 64 * 1024 * 1024

/**
 * The choices that an import will make about the values of the files, as far as their columns are known.
 * @throws StudioError BAD_INPUT if an import will refuse them, see `valueForms`
 */
export async function valueChoices(
  connection: DuckDBConnection,
  sources: readonly Source[],
  { user, item, ...columns }: SuggestedColumns,
  overrides: ReadingOverrides,
): Promise<Choice[]> {
  const has = (column: string | null | undefined): boolean =>
    column == null || sources.every(({ dialect }) => dialect.columns.some(({ name }) => name === column))
  // Other columns are compared between files elsewhere.
  if (![columns.rating, columns.time, columns.count, user, item].every(has)) return []
  const thorough = sources.reduce((sum, { bytes }) => sum + bytes, 0) <= mostBytes
  const { choices } = await valueForms(connection, sources, { user: '', item: '', ...columns }, overrides, { thorough })
  const clocks = columns.time === null ? [] : await unusedClocks(connection, sources, columns.time)
  return [...choices, ...clocks, ...(thorough ? await idChoices(connection, sources, { user, item }, overrides) : [])]
}

/** The number of rows of each file that show whether a column has times of day. */
const clockRows = 1000
const clock = String.raw`\s*\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AaPp]\.?\s*[Mm]\.?)?\s*`

/** An hour, a minute or a second in a column of its own. */
const field = String.raw`\s*[0-5]?\d(\.0+)?\s*`

/** Reports that times of day are in a column of their own, if those of the chosen column have none. */
async function unusedClocks(connection: DuckDBConnection, sources: readonly Source[], time: string): Promise<Choice[]> {
  const dialect = sources[0]?.dialect
  const joined = dialect?.joined?.name
  if (joined === time) return []
  const others = (dialect ? cellColumns(dialect) : []).map(({ name }) => name).filter((name) => name !== time)
  const seen = await seeColumns(connection, sources.slice(0, 1), [time, ...others], clockRows)
  try {
    const [{ table } = { table: '' }] = seen.tables
    const query = async (column: string, pattern: string): Promise<readonly unknown[]> => {
      const result = await connection.runAndReadAll(
        `SELECT count(*) > 0 AND bool_and(regexp_full_match(v, ${text(pattern)})), min(v), bool_or(regexp_matches(v, ':|T\\d'))
         FROM (SELECT ${identifier(column)} AS v FROM ${table}) WHERE NOT ${isBlank('v')}`,
      )
      return result.getRows()[0] ?? []
    }
    // Days, not counts of seconds.
    const [areDays, , haveClocks] = await query(time, String.raw`.*\D.*|\d{8}`)
    if (areDays !== true || haveClocks === true) return []
    for (const column of others) {
      const part = partOfTime(column)
      const isField = part === 'hour' || part === 'minute' || part === 'second'
      const [areClocks, example] = await query(column, isField ? `${clock}|${field}` : clock)
      if (areClocks !== true) continue
      return [
        {
          about: 'times',
          file: null,
          column: time,
          value: 'days without their times of day',
          certainty: 'guess',
          evidence: `Times of day are in the column “${column}” (“${String(example)}”), which is not used: interactions on the same day keep the order of the file.`,
          affectsData: true,
          control: 'Time',
          option: joined ? `--time "${joined}"` : 'a column that holds both, as 2024-03-31 12:30',
        },
      ]
    }
    return []
  } finally {
    await forgetColumns(connection, seen)
  }
}

async function idChoices(
  connection: DuckDBConnection,
  sources: readonly Source[],
  columns: Readonly<Record<'user' | 'item', string | null>>,
  { joinIds = false, dropUsers = [] }: ReadingOverrides,
): Promise<Choice[]> {
  const known = (['user', 'item'] as const).flatMap((role) => {
    const name = columns[role]
    return name === null ? [] : [{ role, name }]
  })
  const seen = await seeColumns(
    connection,
    sources,
    known.map(({ name }) => name),
  )
  try {
    const choices: Choice[] = []
    const idsOf = new Map<'user' | 'item', { sql: string; column: string }>()
    for (const column of known) {
      const { role, name } = column
      const dropped = role === 'user' ? dropUsers : []
      // A row without its other id is rejected, whatever this one is: a line of totals is no user.
      const beside = known.find((other) => other.role !== role)
      const isUsed = beside ? `NOT ${isBlank(identifier(beside.name))}` : 'true'
      const all = seen.tables
        .map(({ table }) => `SELECT ${identifier(name)} AS id, ${isUsed} AS used FROM ${table}`)
        .join(' UNION ALL ')
      choices.push(...(await droppedChoices(connection, all, name, dropped)))
      const written = `SELECT id, count(*) AS rows FROM (${all}) WHERE used AND NOT ${isDropped('id', dropped)} GROUP BY id`
      choices.push(...(await tidyChoices(connection, written, name)))
      const ids = `SELECT ${tidyId('id')} AS id, sum(rows) AS rows FROM (${written}) WHERE NOT ${isBlank('id')} GROUP BY ALL`
      choices.push(...(await ruinedIds(connection, ids, column, joinIds)))
      const texts = `SELECT id AS text FROM (${ids})`
      choices.push(...(await garbledChoices(connection, texts, { column: name, control: 'Columns', what: 'ids' })))
      idsOf.set(role, { sql: ids, column: name })
    }
    const [users, items] = [idsOf.get('user'), idsOf.get('item')]
    if (users && items && users.column !== items.column) choices.push(...(await sharedIds(connection, users, items)))
    return choices
  } finally {
    await forgetColumns(connection, seen)
  }
}
