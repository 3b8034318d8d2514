import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnMapping } from '../../shared/datasets'
import { formatValue } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Choice } from '../../shared/reading'
import type { Store } from '../store/store'
import type { LoadedFile } from './load-table'

/** Where ratings lie that should be on one scale. */
interface Spread {
  /** Whose ratings they are, for a sentence. */
  readonly of: string
  readonly rows: number
  readonly least: number
  readonly median: number
  readonly most: number
}

/** Fewer ratings may lie apart from others by chance. */
const fewestRatings = 5
/** Number of ratings of an earlier version that are looked at, and of users that are read at once. */
const [mostRatings, usersAtOnce] = [100_000, 1000]

/** The two that lie furthest apart, the lower one first, if half of one's ratings are above all of the other's; else null. */
function apart(spreads: readonly Spread[]): readonly [Spread, Spread] | null {
  const large = spreads.filter(({ rows }) => rows >= fewestRatings)
  const [lower, upper] = [
    large.toSorted((a, b) => a.most - b.most)[0],
    large.toSorted((a, b) => b.median - a.median)[0],
  ]
  return lower && upper && lower !== upper && lower.most < upper.median ? [lower, upper] : null
}

const choiceOf = (column: string, [lower, upper]: readonly [Spread, Spread]): Choice => ({
  about: 'values',
  file: null,
  column,
  value: 'ratings as they are written, though they seem to be on different scales',
  certainty: 'guess',
  evidence: `Those of ${lower.of} go from ${formatValue(lower.least)} to ${formatValue(lower.most)}, and half of those of ${upper.of} are ${formatValue(upper.median)} or more. One threshold for what counts as liked applies to all of them.`,
  affectsData: true,
  control: 'Rating',
  option: 'a data set for each scale, or the ratings of one converted to the scale of the other',
})

/** Warns about files whose ratings are on different scales, from the rows that were loaded; nothing if there is one file. */
export async function scalesOfFiles(
  connection: DuckDBConnection,
  files: readonly LoadedFile[],
  column: string,
): Promise<Choice[]> {
  if (files.length < 2) return []
  const spreads: Spread[] = []
  for (const { table, source } of files)
    spreads.push(await spreadOf(connection, `SELECT rating FROM ${table} WHERE problem = 0`, source.name))
  const found = apart(spreads)
  return found ? [choiceOf(column, found)] : []
}

/** Warns about new ratings on another scale than those of the version to which they are added. */
export async function scaleOfVersion(
  connection: DuckDBConnection,
  files: readonly LoadedFile[],
  store: Store,
  previous: DatasetId,
  { rating }: ColumnMapping,
): Promise<Choice[]> {
  if (rating === null) return []
  const before: number[] = []
  for (const histories of store.datasets.historyPages(previous, usersAtOnce)) {
    for (const { ratings } of histories) if (ratings) before.push(...ratings)
    if (before.length >= mostRatings) break
  }
  if (before.length < fewestRatings) return []
  before.sort((a, b) => a - b)
  const version: Spread = {
    of: `“${store.datasets.get(previous).name}”`,
    rows: before.length,
    least: before[0] ?? Number.NaN,
    median: before[before.length >> 1] ?? Number.NaN,
    most: before.at(-1) ?? Number.NaN,
  }
  const all = files.map(({ table }) => `SELECT rating FROM ${table} WHERE problem = 0`).join(' UNION ALL ')
  const found = apart([version, await spreadOf(connection, all, 'the new files')])
  return found ? [choiceOf(rating, found)] : []
}

/** @param ratings SQL of a table of ratings */
async function spreadOf(connection: DuckDBConnection, ratings: string, of: string): Promise<Spread> {
  const result = await connection.runAndReadAll(
    `SELECT count(*), min(rating), quantile_disc(rating, 0.5), max(rating) FROM (${ratings})`,
  )
  const [rows, least, median, most] = (result.getRows()[0] ?? []).map(Number)
  return { of, rows: rows ?? 0, least: least ?? Number.NaN, median: median ?? Number.NaN, most: most ?? Number.NaN }
}
