import type { DuckDBConnection } from '@duckdb/node-api'
import { wasChosen } from '../../shared/certainty'
import { formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { isOneOf, text } from './duckdb'
import { tidyId } from './values/tidy-ids'

/** SQL: whether an id is one of those whose rows are left out. */
export const isDropped = (id: string, users: readonly string[]): string =>
  users.length === 0 ? 'false' : `coalesce(${isOneOf(tidyId(id), users.map(text))}, false)`

/**
 * The choices about excluded users: whose rows are left out, and which of these users are not in the files.
 * @param ids SQL of the ids of all rows, `id`
 */
export async function droppedChoices(
  connection: DuckDBConnection,
  ids: string,
  column: string,
  users: readonly string[],
): Promise<Choice[]> {
  if (users.length === 0) return []
  const result = await connection.runAndReadAll(
    `SELECT ${tidyId('id')} AS who, count(*) FROM (${ids}) WHERE ${isDropped('id', users)} GROUP BY who`,
  )
  const rows = new Map(result.getRows().map(([id, found]) => [String(id), Number(found)]))
  const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ')
  const choice = { about: 'ids', file: null, column, affectsData: true, control: 'Leave out users' } as const
  const choices: Choice[] = []
  const there = users.filter((user) => rows.has(user))
  if (there.length > 0) {
    const counts = there.map((user) => `“${user}” in ${formatCounted(rows.get(user) ?? 0, 'row')}`)
    choices.push({
      ...choice,
      value: `users left out: ${quoted(there)}`,
      certainty: 'certain',
      evidence: `${wasChosen} ${counts.join(', ')}.`,
      option: '--drop-users',
    })
  }
  const missing = users.filter((user) => !rows.has(user))
  if (missing.length > 0)
    choices.push({
      ...choice,
      value: `no user to leave out is called ${quoted(missing)}`,
      certainty: 'guess',
      evidence: 'No row has exactly this id.',
      option: '--drop-users with the ids exactly as in the files',
    })
  return choices
}
