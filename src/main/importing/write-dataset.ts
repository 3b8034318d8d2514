import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnMapping, DuplicatePolicy, RejectedRow } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import type { Choice, MissingTimes, Reading } from '../../shared/reading'
import { formatCount, formatCounted } from '../../shared/format'
import type { JobContext } from '../numeric/job-context'
import type { DatasetWriter, StoredHistory, StoredItem } from '../store/store'
import { isBlankCell } from './blank-cells'
import { identifier, isBlank } from './duckdb'
import { historyMaker } from './histories'
import { storesValue } from './interaction-value'
import { interactionProblems } from './interactions'
import { attributesOf, detailsByItem, genresOf, itemProblems, joinedValues, valueSeparator } from './item-details'
import { titlesByItem } from './item-titles'
import { count, type LoadedFile } from './load-table'
import { rejectedRows } from './rejected-rows'
import { countProblems } from './rejected-share'
import { rowsByUser } from './rows-by-user'
import { oldestTime } from './undated-rows'
import { joinTwins, twinsTable } from './values/case-twins'
import { garbledChoices } from './values/garbled-text'
import { joinedId, ruinedIds, signsOfIds } from './values/ruined-ids'
import { sharedIds } from './values/shared-ids'
import { tidyChoices, tidyId } from './values/tidy-ids'

/** Interactions per transaction: it blocks other writing processes for about ten milliseconds. */
const batchInteractions = 500_000
/** Rows in memory at once: 1.2 GiB at 20 bytes each, in addition to DuckDB's memory. */
const rowsAtOnce = 60_000_000
/** A row's number in the files is a uint32. */
const mostRows = 2 ** 32
const batchRows = 5000

/** Every file of an import in DuckDB. */
export interface Loaded {
  readonly ratings: readonly LoadedFile[]
  readonly items: LoadedFile | null
  /** Whether the tables distinguish times within a microsecond: `fine` has the remaining nanoseconds. */
  readonly fine: boolean
  /** Names of the items file's attributes. */
  readonly attributes: readonly string[]
}

interface Written {
  readonly rejected: number
  readonly duplicates: number
  readonly leftOut: number
  readonly unmatchedItems: number
}

interface Settings {
  readonly mapping: ColumnMapping
  readonly policy: DuplicatePolicy
  readonly joinIds: boolean
  readonly missingTimes: MissingTimes
}

/**
 * Cleans the ids of users and items, numbers them in the order of their ids, and returns the choices about ids, and the signs that
 * joined ids of items have lost.
 * @throws StudioError BAD_INPUT if no row can be used
 */
export async function numberIds(
  connection: DuckDBConnection,
  { ratings, fine, items }: Loaded,
  { mapping, joinIds, missingTimes }: Settings,
  context: JobContext,
): Promise<{ choices: Reading; joinedItems: readonly string[] | null }> {
  const total = usableRows(ratings)
  if (total === 0) throw await nothingUsable(connection, ratings)
  context.progress({ stage: 'Sorting by user', done: 0, total, unit: 'rows' })
  const tidied: Choice[] = []
  const joined: Record<'user' | 'item', readonly string[] | null> = { user: null, item: null }
  for (const column of ['user', 'item'] as const) {
    await numberColumn(connection, ratings, column)
    const found = await tidyChoices(connection, `SELECT id, rows FROM ${column}s`, mapping[column])
    tidied.push(...found)
    if (found.length === 0 && !joinIds) continue
    if (joinIds) joined[column] = await signsOfIds(connection, `SELECT DISTINCT ${tidyId('id')} AS id FROM ${column}s`)
    await tidyIds(connection, ratings, column, joined[column])
    await numberColumn(connection, ratings, column)
    if (!joinIds) continue
    const twins = await joinTwins(
      connection,
      ratings.map(({ table }) => table),
      column,
      mapping[column],
    )
    if (twins.length === 0) continue
    tidied.push(...twins)
    if (column === 'item' && items)
      await connection.run(
        `UPDATE ${items.table} SET id = kept FROM ${twinsTable('item')} AS twins WHERE ${items.table}.id = twins.id`,
      )
    await numberColumn(connection, ratings, column)
  }
  const undated = mapping.time !== null && missingTimes === 'oldest'
  const time = undated
    ? await oldestTime(
        connection,
        ratings.map(({ table }) => table),
      )
    : 'time'
  await connection.run(`CREATE TEMP ${fine ? 'TABLE' : 'VIEW'} interactions AS ${goodRows(ratings, fine, time)}`)
  const choices = [
    ...tidied,
    ...(await ruinedIds(connection, 'SELECT id, rows FROM users', { role: 'user', name: mapping.user }, joinIds)),
    ...(await ruinedIds(connection, 'SELECT id, rows FROM items', { role: 'item', name: mapping.item }, joinIds)),
    ...(await garbledIds(connection, 'users', mapping.user)),
    ...(await garbledIds(connection, 'items', mapping.item)),
    ...(await sharedIds(
      connection,
      { sql: 'SELECT id, rows FROM users', column: mapping.user },
      { sql: 'SELECT id, rows FROM items', column: mapping.item },
    )),
  ]
  return { choices, joinedItems: joined.item }
}

const garbledIds = (connection: DuckDBConnection, table: 'users' | 'items', column: string): Promise<Choice[]> =>
  garbledChoices(connection, `SELECT id AS text FROM ${table}`, { column, control: 'Columns', what: 'ids' })

/** Numbers the distinct ids of a column in their order: the table `users` or `items`. */
const numberColumn = (
  connection: DuckDBConnection,
  ratings: readonly LoadedFile[],
  column: 'user' | 'item',
): Promise<unknown> =>
  connection.run(
    `CREATE OR REPLACE TEMP TABLE ${column}s AS SELECT id, rows, (row_number() OVER (ORDER BY id) - 1)::INTEGER AS position
     FROM (SELECT id, count(*)::INTEGER AS rows FROM (${idsOf(ratings, column)}) GROUP BY id)`,
  )

/** SQL of the ids of all usable rows. */
const idsOf = (ratings: readonly LoadedFile[], column: 'user' | 'item'): string =>
  ratings.map(({ table }) => `SELECT ${identifier(column)} AS id FROM ${table} WHERE problem = 0`).join(' UNION ALL ')

/** Cleans the ids of usable rows. */
async function tidyIds(
  connection: DuckDBConnection,
  ratings: readonly LoadedFile[],
  column: 'user' | 'item',
  joined: readonly string[] | null,
): Promise<void> {
  const id = identifier(column)
  const tidy = joined ? joinedId(tidyId(id), joined) : tidyId(id)
  for (const { table } of ratings)
    await connection.run(`UPDATE ${table} SET ${id} = ${tidy} WHERE problem = 0 AND ${id} <> ${tidy}`)
}

/** The number of items with interactions that have several rows in the items file, after `numberIds`. */
export const repeatedItems = ({ items, attributes }: Loaded, connection: DuckDBConnection): Promise<number> =>
  items
    ? count(
        connection,
        `SELECT count(*) FROM (${detailsByItem(attributes.length)}) WHERE rows > 1 AND id IN (SELECT id FROM items)`,
      )
    : Promise.resolve(0)

const usableRows = (ratings: readonly LoadedFile[]): number =>
  ratings.reduce((sum, { rows, problems, leftOut }) => sum + rows - problems - leftOut, 0)

/** Writes users, items, histories and rejected rows, after `numberIds`; the caller finishes the data set. */
export async function writeDataset(
  connection: DuckDBConnection,
  writer: DatasetWriter,
  { ratings, items, attributes }: Loaded,
  { mapping, policy }: Settings,
  context: JobContext,
): Promise<Written> {
  const total = usableRows(ratings)
  const itemCount = await writeItems(connection, writer, items, attributes, mapping.title != null)
  const { users, counts } = await usersOf(connection)

  const totals = { rows: 0, duplicates: 0 }
  const historyOf = historyMaker({ users, items: itemCount, policy }, totals)
  let read = 0
  // Each row is read, then written.
  const tell = (): void =>
    context.progress({ stage: 'Writing histories', done: Math.floor((read + totals.rows) / 2), total, unit: 'rows' })
  const setup = {
    counts,
    hasRatings: storesValue(mapping, policy),
    hasTimes: mapping.time !== null,
    atOnce: rowsAtOnce,
  }
  for await (const rows of rowsByUser(connection, setup, (more) => {
    context.signal.throwIfAborted()
    read += more
    tell()
  })) {
    let batch: StoredHistory[] = []
    let waiting = 0
    for (let user = 0; user < rows.offsets.length - 1; user++) {
      const history = historyOf(rows, rows.firstUser + user)
      batch.push(history)
      waiting += history.items.length
      if (waiting < batchInteractions && user < rows.offsets.length - 2) continue
      writer.addHistories(batch)
      batch = []
      waiting = 0
      tell()
      // Lets a cancel request arrive.
      await yieldToEventLoop()
      context.signal.throwIfAborted()
    }
  }
  return {
    rejected: await writeRejected(connection, writer, ratings, items, context),
    duplicates: totals.duplicates,
    leftOut: ratings.reduce((sum, { leftOut }) => sum + leftOut, 0),
    unmatchedItems: items
      ? await count(
          connection,
          'SELECT count(DISTINCT id) FROM item_details WHERE problem = 0 AND id NOT IN (SELECT id FROM items)',
        )
      : 0,
  }
}

/**
 * SQL of the usable rows with their numbers in all files, which order rows of the same time. Times that differ by less than a
 * microsecond are stored as the same number; to keep them in order, rows are then numbered in the order of their exact times.
 */
function goodRows(files: readonly LoadedFile[], fine: boolean, time: string): string {
  let before = 0
  const selects = files.map(({ table, rows }) => {
    const select = `SELECT "user", item, rating, ${time} AS time, (rowid + ${before})::UINTEGER AS line${fine ? ', fine' : ''} FROM ${table} WHERE problem = 0`
    before += rows
    return select
  })
  if (before > mostRows)
    throw badInput(
      `The files have ${formatCounted(before, 'row')}, but at most ${formatCount(mostRows)} can be imported at once.`,
      'Import fewer files, or only some of the rows.',
    )
  const rows = selects.join(' UNION ALL ')
  return fine
    ? `SELECT * REPLACE ((row_number() OVER (ORDER BY time, fine, line) - 1)::UINTEGER AS line) FROM (${rows})`
    : rows
}

/** External ids and numbers of rows, by user index. */
async function usersOf(connection: DuckDBConnection): Promise<{ users: string[]; counts: Int32Array }> {
  const users: string[] = []
  const counts: number[] = []
  for await (const chunk of await connection.stream('SELECT id, rows FROM users ORDER BY position')) {
    for (const id of chunk.getColumnValues(0)) users.push(String(id))
    for (const rows of chunk.getColumnValues(1)) counts.push(Number(rows))
  }
  return { users, counts: Int32Array.from(counts) }
}

/** Writes the items with interactions, in the order of their ids. @param titled whether `readTitles` has found titles */
async function writeItems(
  connection: DuckDBConnection,
  writer: DatasetWriter,
  details: LoadedFile | null,
  attributes: readonly string[],
  titled: boolean,
): Promise<number> {
  const title = titled
    ? `CASE WHEN ${isBlank('details.title')} THEN titles.title ELSE details.title END AS title`
    : 'details.title'
  const columns = [title, 'genres', ...attributes.map((_, index) => `attribute_${index}`)]
  const named = details
    ? `LEFT JOIN (${detailsByItem(attributes.length)}) AS details USING (id)`
    : 'CROSS JOIN (SELECT NULL::VARCHAR AS title, NULL::VARCHAR AS genres) AS details'
  const result = await connection.stream(
    `SELECT position, id, ${columns.join(', ')} FROM items ${named} ${titled ? `LEFT JOIN (${titlesByItem}) AS titles USING (id)` : ''} ORDER BY position`,
  )
  let written = 0
  let batch: StoredItem[] = []
  const flush = (): void => {
    writer.addItems(batch)
    written += batch.length
    batch = []
  }
  for await (const chunk of result) {
    const [positions, ids, titles, genres, ...others] = chunk.getColumns()
    for (let row = 0; row < chunk.rowCount; row++) {
      const externalId = String(ids?.[row])
      const [title, genreText] = [titles?.[row], genres?.[row]]
      const known = attributesOf(
        attributes,
        others.map((values) => {
          const value = values[row]
          return typeof value === 'string' ? joinedValues(value) : value
        }),
      )
      batch.push({
        index: Number(positions?.[row]),
        externalId,
        title: typeof title === 'string' && !isBlankCell(title) ? title.trim() : externalId,
        genres: genresOf(typeof genreText === 'string' ? genreText.replaceAll(valueSeparator, '|') : null),
        ...(Object.keys(known).length > 0 ? { attributes: known } : {}),
      })
    }
    if (batch.length >= batchRows) flush()
  }
  flush()
  return written
}

async function writeRejected(
  connection: DuckDBConnection,
  writer: DatasetWriter,
  ratings: readonly LoadedFile[],
  items: LoadedFile | null,
  context: JobContext,
): Promise<number> {
  let rejected = 0
  let batch: RejectedRow[] = []
  const flush = (): void => {
    writer.addRejects(batch)
    rejected += batch.length
    batch = []
  }
  const files: { file: LoadedFile; reasons: readonly string[] }[] = ratings.map((file) => ({
    file,
    reasons: interactionProblems,
  }))
  if (items) files.push({ file: items, reasons: itemProblems })
  for (const { file, reasons } of files)
    for await (const row of rejectedRows(connection, file, reasons)) {
      context.signal.throwIfAborted()
      batch.push(row)
      if (batch.length < batchRows) continue
      flush()
      context.progress({ stage: 'Keeping rejected rows', done: rejected, total: null, unit: 'rows' })
    }
  flush()
  return rejected
}

/** The error if no row could be used. */
async function nothingUsable(connection: DuckDBConnection, ratings: readonly LoadedFile[]) {
  const names = ratings.map(({ source }) => source.name).join(', ')
  const { rows, leftOut, reasons } = await countProblems(connection, ratings)
  if (rows === 0) return badInput(`${names} has a header but no rows.`, 'Export it again, or choose another file.')
  if (leftOut > 0.5 * rows)
    return badInput(
      `No row of ${names} counts: ${formatCount(leftOut)} of ${formatCounted(rows, 'row')} ${leftOut === 1 ? 'is' : 'are'} left out because of the event type, the user or a value that means “not rated”.`,
      'Choose event types that occur in the file (--event-types; in the app: Event), or leave out fewer users (--drop-users; in the app: Leave out users) or values (--not-rated; in the app: Not rated).',
    )
  const { reason, count: found } = reasons[0] ?? { reason: 'not a table row', count: rows }
  return badInput(
    `No row of ${names} can be used. Reason for ${formatCount(found)} of ${formatCounted(rows, 'row')}: ${reason}.`,
    nextFor(reason),
  )
}

/** The next step if no row can be used for one reason. */
function nextFor(reason: string): string {
  if (reason.includes('rating'))
    return 'Give its words values (--rating-values WORD=NUMBER,…; in the app: Rating values), import without a rating (--rating none; in the app: Rating), or use its words as event types (--event COLUMN; in the app: Event).'
  if (reason.includes('time'))
    return 'Import without a time (--time none; in the app: Time), keep rows without one (--missing-times oldest; in the app: Missing times), or choose the unit of its numbers (--times UNIT; in the app: Times).'
  if (reason.includes('count')) return 'Import without a count (--count none; in the app: Count).'
  return 'Check the columns with vasp preview FILE or in the preview of the app, or choose another file.'
}
