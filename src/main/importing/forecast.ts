import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { type DuckDBConnection, DuckDBListValue } from '@duckdb/node-api'
import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import type { ImportForecast } from '../../shared/import-forecast'
import type { ReadingOverrides } from '../../shared/reading'
import { suggestedThreshold, valueKindOf } from '../../shared/liked-threshold'
import { temporaryFolderOf } from '../store/temporary-folders'
import { isDropped } from './dropped-users'
import { explainFailure, identifier, openTemporaryDatabase, type TemporaryDatabase } from './duckdb'
import { isUnrated, leftOutProblem, storesValue } from './interaction-value'
import { interactionColumns, interactionProblems } from './interactions'
import { convertedRows, type Source } from './load-table'
import { namesOfFirst } from './names-of-first'
import { openTable, plainFiles } from './open-table'
import { inspectFile, type NamedFile } from './source-file'
import { type ValueForms, valueForms } from './values/value-forms'

/** The size of the sample in rows: most files are sampled completely, in a few seconds. */
const mostRows = 2_000_000
/** Files that must be converted are converted up to this many bytes of text. */
const mostBytes = 256 * 1024 * 1024
/** Microseconds per interaction that an import takes in addition to reading: sorting, grouping, writing. Measured with three million rows. */
const writingTime = 0.3

interface Request {
  readonly ratings: readonly NamedFile[]
  readonly joined?: readonly NamedFile[] | undefined
  readonly mapping: ColumnMapping
  readonly duplicates: DuplicatePolicy
  readonly table?: string | null | undefined
  readonly reading?: ReadingOverrides | undefined
}

/** A file with its sampled rows. */
interface SampledTable {
  readonly table: string
  /** Number of rows, including lines that are broken. */
  readonly rows: number
  /** Estimated number of rows. */
  readonly allRows: number
  readonly seconds: number
  readonly broken: number
}

/**
 * Forecasts the result of an import, from all rows of files up to two million rows and from the first rows of larger files. Stores nothing.
 * @throws StudioError for a file that cannot be read or lacks a column.
 */
export async function forecastImport(request: Request, library: string): Promise<ImportForecast> {
  const temporary = await openTemporaryDatabase(temporaryFolderOf(library), null)
  try {
    const files = await plainFiles(
      { ratings: request.ratings, items: null, joined: request.joined },
      temporary.folder,
      null,
      request.reading?.roles,
    )
    const opened: Opened[] = []
    for (const file of files.ratings) {
      const one = await open(temporary, file, { ...request, joined: files.joined }, files.ratings.length > 1)
      const following = opened[0] ? namesOfFirst(opened[0].source, one.source) : null
      opened.push(following ? { ...one, source: { ...one.source, dialect: following.dialect } } : one)
    }
    const sources = opened.map(({ source }) => source)
    const thorough = sources.reduce((sum, { bytes }) => sum + bytes, 0) <= mostBytes
    const { forms } = await valueForms(temporary.connection, sources, request.mapping, request.reading ?? {}, {
      thorough,
    })
    const sampled: SampledTable[] = []
    for (const file of opened) {
      const left = mostRows - sampled.reduce((sum, { rows }) => sum + rows, 0)
      sampled.push(await lookInto(temporary, file, request, forms, Math.max(left, 1000), sampled.length))
    }
    return await summary(temporary.connection, sampled, request)
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    temporary.close()
  }
}

/** A file as text, up to `limit` bytes of it. */
interface Opened {
  readonly source: Source
  readonly limit: number
}

async function open(
  temporary: TemporaryDatabase,
  file: NamedFile,
  { mapping, joined, table = null, reading = {} }: Request,
  isOneOfSeveral: boolean,
): Promise<Opened> {
  const { bytes } = inspectFile(file)
  const limit = bytes <= mostBytes / 2 ? Infinity : mostBytes
  const { path, dialect, lineOf } = await openTable(temporary, file, {
    signal: null,
    limit,
    table,
    reading,
    joined,
    lists: [mapping.user, mapping.item],
    isOneOfSeveral,
  })
  return { source: { name: file.name, inside: file.inside, path, bytes, dialect, lineOf }, limit }
}

async function lookInto(
  temporary: TemporaryDatabase,
  { source, limit }: Opened,
  { mapping, duplicates: policy, reading }: Request,
  forms: ValueForms,
  most: number,
  number: number,
): Promise<SampledTable> {
  const { connection } = temporary
  const { path, bytes } = source
  const conversion = interactionColumns(source, mapping, forms, policy, reading)
  const table = `sample_${number}`
  const [event, columns] = mapping.event
    ? ['event_type', [...conversion.columns, 'event_type']]
    : ['NULL::VARCHAR', conversion.columns]
  const notRated = mapping.rating === null ? [] : (reading?.notRated ?? [])
  const why =
    notRated.length === 0
      ? event
      : `CASE WHEN ${isUnrated('rating_text', 'rating_number', notRated)} THEN 'not rated' ELSE ${event} END`
  const rejects = ['store_rejects = true', `rejects_table = '${table}_errors'`, `rejects_scan = '${table}_scans'`]
  const numbers = notRated.length === 0 ? [] : ['rating_number']
  const written = [...new Set([...columns, ...numbers, ...Object.keys(conversion.steps[0] ?? {})])]
  const shown = Object.keys(conversion.steps[0] ?? {})
    .filter((name) => name !== 'time_text' || mapping.time !== null)
    .map((name) => `coalesce(${identifier(name)}, '')`)
  const began = performance.now()
  await connection.run(
    `CREATE TEMP TABLE ${table} AS
     SELECT hash("user") AS user, hash(item) AS item, rating AS value,
       CASE WHEN problem = ${leftOutProblem} THEN CASE WHEN ${isDropped('"user"', reading?.dropUsers ?? [])} THEN 'user ' || trim("user") ELSE ${why} END END AS type, problem,
       CASE WHEN problem BETWEEN 1 AND ${leftOutProblem - 1} THEN concat_ws(', ', ${shown.join(', ')}) END AS example
     FROM (${convertedRows(source, { ...conversion, columns: written }, rejects)}) LIMIT ${most}`,
  )
  const seconds = (performance.now() - began) / 1000
  const one = async (sql: string): Promise<number> => Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
  const rows = await one(`SELECT count(*) FROM ${table}`)
  // An unclosed quote includes the lines after it.
  const broken = await one(
    `SELECT coalesce(sum(lines), 0) FROM (
       SELECT 1 + length(rtrim(first(csv_line), chr(10))) - length(replace(rtrim(first(csv_line), chr(10)), chr(10), '')) AS lines
       FROM ${table}_errors GROUP BY line_byte_position)`,
  )
  const textBytes = statSync(path).size
  const whole = rows < most && (limit === Infinity || textBytes < limit)
  // A converted text that was cut off represents at most as many bytes of the file as it has itself.
  const allBytes = Math.max(textBytes, limit === Infinity ? 0 : bytes)
  const allRows = whole ? rows : Math.max(rows, Math.round(allBytes / bytesPerLine(path)))
  return { table, rows: rows + broken, allRows: allRows + (whole ? broken : 0), seconds, broken }
}

/** Mean length of a text's lines in bytes, from samples throughout the text: ids tend to grow longer towards the end. */
function bytesPerLine(path: string, pieces = 16): number {
  const piece = Buffer.alloc(64 * 1024)
  const { size } = statSync(path)
  const descriptor = openSync(path, 'r')
  let [bytes, lines] = [0, 0]
  try {
    for (let n = 0; n < pieces; n++) {
      const at = Math.floor((Math.max(0, size - piece.length) * n) / (pieces - 1))
      const read = piece.subarray(0, readSync(descriptor, piece, 0, piece.length, at))
      bytes += read.length
      for (let end = read.indexOf(0x0a); end !== -1; end = read.indexOf(0x0a, end + 1)) lines++
    }
    return bytes / Math.max(1, lines)
  } finally {
    closeSync(descriptor)
  }
}

async function summary(
  connection: DuckDBConnection,
  sampled: readonly SampledTable[],
  { mapping, duplicates: policy }: Request,
): Promise<ImportForecast> {
  await connection.run(
    `CREATE TEMP VIEW sampled AS ${sampled.map(({ table }) => `SELECT * FROM ${table}`).join(' UNION ALL ')}`,
  )
  const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRows()
  const [row = []] = await ask(
    `SELECT count(*), count(DISTINCT user), count(DISTINCT item), min(value), max(value),
       coalesce(bool_and(value * 2 = trunc(value * 2) AND value BETWEEN 0 AND 127.5), true)
     FROM sampled WHERE problem = 0`,
  )
  const [usable = 0, users = 0, items = 0] = row.map(Number)
  const [[pairs] = []] = await ask(
    'SELECT count(*) FROM (SELECT DISTINCT user, item FROM sampled WHERE problem = 0) AS pairs',
  )
  const interactions = Number(pairs)
  const problems = await ask(
    `SELECT problem, count(*), list(DISTINCT left(example, ${longestExample})) FROM sampled
     WHERE problem BETWEEN 1 AND ${leftOutProblem - 1} GROUP BY problem ORDER BY count(*) DESC`,
  )
  const rejected: ImportForecast['rejected'] = problems.map(([problem, rows, written]) => ({
    what: interactionProblems[Number(problem)] ?? '',
    rows: Number(rows),
    examples: textsOf(written),
  }))
  const broken = sampled.reduce((sum, file) => sum + file.broken, 0)
  if (broken > 0) {
    const lines = sampled.map(({ table }) => `SELECT csv_line FROM ${table}_errors`).join(' UNION ALL ')
    const [[written] = []] = await ask(`SELECT list(DISTINCT left(csv_line, ${longestExample})) FROM (${lines})`)
    rejected.push({ what: 'the line is not a row of this table', rows: broken, examples: textsOf(written) })
  }
  const types = await ask(
    `SELECT type, count(*) FROM sampled WHERE problem = ${leftOutProblem} GROUP BY type ORDER BY count(*) DESC LIMIT 50`,
  )
  const rows = sampled.reduce((sum, file) => sum + file.rows, 0)
  const allRows = sampled.reduce((sum, file) => sum + file.allRows, 0)
  const more = rows === 0 ? 0 : allRows / rows
  const valued = storesValue(mapping, policy)
  const values = await ask(
    'SELECT value, count(*) FROM sampled WHERE problem = 0 AND value IS NOT NULL GROUP BY value ORDER BY value',
  )
  const bytesEach =
    (items > 65_536 ? 4 : 2) + (valued ? (row[5] === true ? 1 : 4) : 0) + (mapping.time === null ? 0 : 4)
  const expected = Math.round(interactions * more)
  return {
    rows,
    whole: rows === allRows,
    users,
    items,
    interactions,
    duplicates: usable - interactions,
    rejected: rejected.sort((a, b) => b.rows - a.rows),
    leftOut: types.map(([type, found]) => ({ what: String(type), rows: Number(found) })),
    values: valued && usable > 0 ? likedValues(mapping, policy, values) : null,
    expected: {
      rows: allRows,
      interactions: expected,
      bytes: 1.15 * (expected * bytesEach + users * more * bytesPerUser + items * bytesPerItem),
      seconds:
        startingTime + sampled.reduce((sum, file) => sum + file.seconds, 0) * more + (expected * writingTime) / 1e6,
    },
  }
}

/** The number of example rows per kind, and the longest excerpt of each. */
const mostExamples = 3
const longestExample = 80
/** The alphabetically first texts of a list from DuckDB. */
const textsOf = (list: unknown): string[] =>
  list instanceof DuckDBListValue
    ? list.items
        .map((item) => String(item).trim())
        .filter((item) => item !== '')
        .sort()
        .slice(0, mostExamples)
    : []

/** The range of the values, and what counts as liked by default. @param counts each value with its rows, ascending */
function likedValues(
  mapping: ColumnMapping,
  policy: DuplicatePolicy,
  counts: readonly unknown[][],
): NonNullable<ImportForecast['values']> {
  // DuckDB's FLOAT has seven digits: 4.1 arrives as 4.099999904632568.
  const histogram = counts.map(([value, rows]) => ({
    rating: Number(Number(value).toPrecision(7)),
    count: Number(rows),
  }))
  const [min, max] = [histogram[0]?.rating ?? 0, histogram.at(-1)?.rating ?? 0]
  const kind = valueKindOf(mapping, policy === 'count')
  const { threshold, evidence } = suggestedThreshold({ kind, min, max, histogram })
  const reaching = histogram.reduce(
    (sum, { rating, count }) => sum + (threshold === null || rating >= threshold ? count : 0),
    0,
  )
  return { min, max, threshold, evidence, reaching }
}

/** Bytes of a user's and an item's row in the database, without the interactions; its pages are not quite full (1.15). */
const bytesPerUser = 60
const bytesPerItem = 120
/** Start-up time of the worker and of DuckDB in seconds. */
const startingTime = 0.5
