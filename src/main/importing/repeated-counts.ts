import type { DuckDBConnection } from '@duckdb/node-api'
import { wasChosen } from '../../shared/certainty'
import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import type { ReadBefore } from '../../shared/kept-reading'
import { repeatedCountsChoice } from '../../shared/repeated-counts'
import type { Choice } from '../../shared/reading'
import { count } from './load-table'

/** The choice about counts of the same user and item in several rows, after `numberIds`; none if there are none. */
export async function repeatedCounts(
  connection: DuckDBConnection,
  {
    mapping,
    duplicates,
    before,
  }: {
    readonly mapping: ColumnMapping
    readonly duplicates?: DuplicatePolicy | undefined
    readonly before?: ReadBefore | null | undefined
  },
  policy: DuplicatePolicy,
): Promise<Choice[]> {
  // Looking for repeated rows takes as long as sorting them.
  if (!mapping.count) return []
  const repeated = await count(
    connection,
    'SELECT coalesce(sum(rows - 1), 0) FROM (SELECT count(*) AS rows FROM interactions GROUP BY "user", item)',
  )
  const asBefore = before?.duplicates === policy ? `As in version ${before.version}.` : wasChosen
  return repeatedCountsChoice(mapping, policy, repeated, duplicates === undefined ? null : asBefore)
}
