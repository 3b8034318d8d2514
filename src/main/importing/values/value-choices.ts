import type { DuckDBConnection } from '@duckdb/node-api'
import type { SuggestedColumns } from '../../../shared/datasets'
import type { Choice, ReadingOverrides } from '../../../shared/reading'
import { identifier, isBlank } from '../duckdb'
import type { Source } from '../load-table'
import { forgetColumns, seeColumns } from './seen-columns'
import { ruinedIds } from './ruined-ids'
import { tidyChoices, tidyId } from './tidy-ids'
import { valueForms } from './value-forms'

/** Bytes of all files up to which every value is looked at before an import, in some seconds; an import looks at all of them anyway. */
const mostBytes = 64 * 1024 * 1024

/**
 * What an import will choose in reading the values of the files, as far as their columns are known.
 * @throws StudioError BAD_INPUT where an import will refuse them, see `valueForms`
 */
export async function valueChoices(
  connection: DuckDBConnection,
  sources: readonly Source[],
  { user, item, ...columns }: SuggestedColumns,
  overrides: ReadingOverrides,
): Promise<Choice[]> {
  const has = (column: string | null | undefined): boolean =>
    column == null || sources.every(({ dialect }) => dialect.columns.some(({ name }) => name === column))
  // Files of other columns are told apart elsewhere.
  if (![columns.rating, columns.time, columns.count, user, item].every(has)) return []
  const thorough = sources.reduce((sum, { bytes }) => sum + bytes, 0) <= mostBytes
  const { choices } = await valueForms(connection, sources, { user: '', item: '', ...columns }, overrides, { thorough })
  return [...choices, ...(thorough ? await idChoices(connection, sources, [user, item], overrides) : [])]
}

async function idChoices(
  connection: DuckDBConnection,
  sources: readonly Source[],
  columns: readonly (string | null)[],
  { joinIds = false }: ReadingOverrides,
): Promise<Choice[]> {
  const known = columns.filter((column) => column !== null)
  const seen = await seeColumns(connection, sources, known)
  try {
    const choices: Choice[] = []
    for (const column of known) {
      const all = seen.tables.map(({ table }) => `SELECT ${identifier(column)} AS id FROM ${table}`).join(' UNION ALL ')
      choices.push(...(await tidyChoices(connection, all, column)))
      const ids = `SELECT ${tidyId('id')} AS id, count(*) AS rows FROM (${all}) WHERE NOT ${isBlank('id')} GROUP BY ALL`
      choices.push(...(await ruinedIds(connection, ids, column, joinIds)))
    }
    return choices
  } finally {
    await forgetColumns(connection, seen)
  }
}
