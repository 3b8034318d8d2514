import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'

/** Different ids of a column: SQL of a table of each `id` and how many `rows` have it, and the column's name. */
interface Ids {
  readonly sql: string
  readonly column: string
}

/** If at least this many ids, and this share of the smaller of the two sets of ids, are in both columns, rows are mixed up. */
const fewest = 10
const least = 0.2

/**
 * The choice about ids that are both users and items, as if the columns were swapped in some rows; none if few are. Small
 * whole numbers do not count: users and items are usually both numbered from 1.
 */
export async function sharedIds(connection: DuckDBConnection, users: Ids, items: Ids): Promise<Choice[]> {
  const result = await connection.runAndReadAll(
    `WITH of_users AS (${users.sql}), of_items AS (${items.sql})
     SELECT count(*), (SELECT count(*) FROM of_users), (SELECT count(*) FROM of_items),
       arg_max({'id': left(id, 40), 'as_user': of_users.rows, 'as_item': of_items.rows}, (least(of_users.rows, of_items.rows), id))
     FROM of_users JOIN of_items USING (id) WHERE NOT regexp_full_match(id, '\\d{1,9}(\\.0+)?')`,
  )
  const [[both, allUsers, allItems, example] = []] = result.getRowsJS()
  const [shared, of] = [Number(both), Math.min(Number(allUsers), Number(allItems))]
  if (shared < fewest || shared < least * of) return []
  const { id, as_user: asUser, as_item: asItem } = example as { id: string; as_user: bigint; as_item: bigint }
  const which = Number(allUsers) < Number(allItems) ? 'users' : 'items'
  return [
    {
      about: 'ids',
      file: null,
      column: items.column,
      value: 'ids as written',
      certainty: 'guess',
      evidence: `${formatCount(shared)} of the ${formatCount(of)} ${which} are in “${users.column}” as well as in “${items.column}”, such as “${id}”: a user in ${formatCounted(Number(asUser), 'row')} and an item in ${formatCounted(Number(asItem), 'row')}. Some rows may have the two columns swapped, or come from another file. Users who are connected with users do have the same ids.`,
      affectsData: true,
      control: 'Columns',
      option: 'a file in which all rows have the same columns',
    },
  ]
}
