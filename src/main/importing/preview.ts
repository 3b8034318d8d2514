import { temporaryFolderOf } from '../store/temporary-folders'
import type { DuckDBConnection } from '@duckdb/node-api'
import {
  type ChosenColumns,
  type ColumnStatistics,
  type FilePreview,
  type ImportPreview,
  type Refusal,
  refusalInWords,
} from '../../shared/datasets'
import { StudioError } from '../../shared/errors'
import { needlessOptions } from '../../shared/format-options'
import { fileChoices } from '../../shared/file-choices'
import type { FoundFile } from '../../shared/found-files'
import type { UnusedRoles } from '../../shared/unused-roles'
import { isKnownExport } from '../../shared/known-exports'
import { type Choice, choiceOfItems, type ReadingOverrides, type TextForm, warningsOf } from '../../shared/reading'
import type { RecognisedTable } from './column-findings'
import { fileColumn } from './columns-of-path'
import { onlyBaskets } from './baskets'
import { isBlankCell } from './blank-cells'
import { columnStatistics } from './column-statistics'
import { readAsText } from './dialect'
import { prefixesOf } from './document-codes'
import { mostShared } from './most-shared'
import { explainFailure, identifier, isBlank, openTemporaryDatabase, type TemporaryDatabase } from './duckdb'
import { rowForEachElement, rowForEachItem } from './list-text'
import type { Source } from './load-table'
import { namesOfFirst } from './names-of-first'
import { asItems, type OpenOptions, openTable, type OpenTable, type PlainFiles, plainFiles } from './open-table'
import { recogniseColumns } from './recognise-columns'
import { inspectFile, type NamedFile } from './source-file'
import { suggestItemMappingBeside } from './suggest-mapping'
import { requireColumns, unreadColumns } from './required-columns'
import { isReadAsMatrix } from './matrix-text'
import { undatedTexts } from './undated-rows'
import { withUnused } from './unused-before'
import { unratedTexts } from './unrated-rows'
import { valuesOfWords } from './values/rating-words'
import { valueChoices } from './values/value-choices'

const previewRows = 100
const samples = 5
/** Number of rows for statistics: all rows of most files. */
const statisticsRows = 1_000_000
/** The number of bytes that a preview reads of a file that must be copied first. */
const previewBytes = 32 * 1024 * 1024

/**
 * Previews the first rows of the files and recognises their columns. Of several ratings files, the first
 * is shown; the others must have the same columns.
 * @throws StudioError for a file that cannot be read or is not a table.
 */
export async function previewImport(
  files: {
    ratings: readonly NamedFile[]
    items: NamedFile | null
    joined?: readonly NamedFile[] | undefined
    table?: string | null
    reading?: ReadingOverrides | undefined
    columns?: ChosenColumns | undefined
    unused?: UnusedRoles | undefined
  },
  library: string,
): Promise<ImportPreview> {
  for (const file of [...files.ratings, ...(files.items ? [files.items] : []), ...(files.joined ?? [])])
    inspectFile(file)
  const temporary = await openTemporaryDatabase(temporaryFolderOf(library), null)
  try {
    const plain = await plainFiles(files, temporary.folder, null, files.reading?.roles)
    const read = (lists?: readonly string[]): Promise<ImportPreview> =>
      preview(
        temporary,
        plain,
        { table: files.table ?? null, reading: files.reading ?? {}, lists, wanted: chosenIds(files.columns) },
        files.columns ?? {},
        files.unused,
      )
    const found = await read()
    const list = found.choices.find(({ about, value }) => about === 'layout' && value === rowForEachItem)
    const { user, item } = found.mapping
    // Only the lists of the items become rows: those of another column are remarks or attributes.
    return list && list.column !== user && list.column !== item ? await read([]) : found
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    temporary.close()
  }
}

const chosenIds = ({ user, item }: ChosenColumns = {}): string[] =>
  [user, item].filter((name) => typeof name === 'string')

async function preview(
  temporary: TemporaryDatabase,
  files: PlainFiles & { files: readonly FoundFile[] },
  {
    table,
    reading,
    lists,
    wanted,
  }: Pick<OpenOptions, 'lists' | 'wanted'> & { table: string | null; reading: ReadingOverrides },
  columns: ChosenColumns,
  unused: UnusedRoles = { version: 0, roles: [] },
): Promise<ImportPreview> {
  const [first, ...others] = files.ratings
  const { joined } = files
  if (!first) throw new Error('a preview needs a ratings file')
  const warnings: string[] = []
  const { loaded, ...found } = await previewFile(
    temporary,
    first,
    { table, reading, lists, wanted, joined, isOneOfSeveral: others.length > 0 },
    warnings,
  )
  const ratings = found.preview
  const choices = [...fileChoices(files.files), ...found.choices]
  const sources = [found.source]
  for (const other of others) {
    const opened = await openTable(temporary, other, {
      signal: null,
      limit: previewBytes,
      table,
      reading,
      lists,
      wanted,
      joined,
      isOneOfSeveral: true,
    })
    const { path, lineOf } = opened
    choices.push(...opened.choices)
    const following = namesOfFirst(found.source, { name: other.name, dialect: opened.dialect })
    if (following) choices.push(following.choice)
    const dialect = following?.dialect ?? opened.dialect
    const needless = needlessOptions({ name: other.name, format: opened.format }, { ...reading, table })
    if (needless !== null) warnings.push(needless)
    sources.push({ name: other.name, inside: other.inside, path, bytes: inspectFile(other).bytes, dialect, lineOf })
  }
  const items =
    files.items && (await previewFile(temporary, files.items, { ...asItems(reading.items), beside: true }, warnings))
  if (items) choices.push(...items.choices.map(choiceOfItems))
  const recognisable: RecognisedTable = {
    file: ratings.name,
    columns: ratings.columns,
    rows: ratings.examined?.rows ?? 0,
    whole: others.length === 0 && ratings.examined?.whole === true,
    named: ratings.named,
    joined: found.source.dialect.joined ?? null,
    matrix: isReadAsMatrix(found.choices),
    list: found.choices.find(({ value }) => value === rowForEachItem || value === rowForEachElement)?.column ?? null,
    knownOrder: isKnownExport(ratings.name) || found.preview.format === 'Netflix Prize text',
    pairs: (one, other) => pairsOf(temporary.connection, loaded, one, other),
    mostShared: (one, other) => mostShared(temporary.connection, loaded, one, other),
    prefixes: (column) => prefixesOf(temporary.connection, loaded, column),
    filledPairs: (one, other) =>
      pairsOf(
        temporary.connection,
        `(SELECT * FROM ${loaded} WHERE NOT ${isBlank(identifier(one))} AND NOT ${isBlank(identifier(other))})`,
        one,
        other,
      ),
  }
  const recognised = await withUnused(await recogniseColumns(recognisable, columns), recognisable, columns, unused)
  choices.push(
    ...recognised.choices,
    ...(await undatedTexts(temporary.connection, loaded, recognised.mapping.time, reading.missingTimes ?? 'reject')),
  )
  const rating = ratings.columns.find(({ name }) => name === recognised.mapping.rating)
  if (!isReadAsMatrix(found.choices))
    choices.push(
      ...(await unratedTexts(
        temporary.connection,
        loaded,
        rating?.name ?? null,
        rating?.statistics ?? null,
        reading.notRated,
        [recognised.mapping.user, recognised.mapping.item].filter((name) => name !== null),
      )),
    )
  warnings.push(...unreadColumns(sources, recognised.mapping))
  let { refusal } = recognised
  const { user, item } = recognised.mapping
  try {
    requireColumns(sources, { ...recognised.mapping, user: user ?? '', item: item ?? '' })
    choices.push(...(await valueChoices(temporary.connection, sources, recognised.mapping, reading)))
  } catch (error) {
    // The import will refuse this; the preview still shows the rest.
    if (!(error instanceof StudioError)) throw error
    refusal ??= { message: error.message, next: error.next }
  }
  // Parts of a table have names as well, so that only a person can say that these are users.
  const asksForNames =
    hasFileColumn(found.source) && columns.user === undefined && (user === null || user === fileColumn)
  if (asksForNames) refusal ??= noUsersBeside(first.name, sources.length)
  const isAsked = columns.user !== undefined || columns.item !== undefined
  const baskets = ratings.text !== null && !isAsked ? onlyBaskets(found.source.path, first.name) : null
  refusal ??= baskets
  // A column of baskets is whatever was bought first, or second.
  const mapping = {
    ...recognised.mapping,
    ...(baskets ? { user: null, item: null } : asksForNames ? { user: null } : {}),
  }
  const isDenied = ({ about, value }: Choice): boolean =>
    about === 'column' &&
    ((value === 'user' && (baskets !== null || asksForNames)) || (value === 'item' && baskets !== null))
  choices.splice(0, choices.length, ...choices.filter((choice) => !isDenied(choice)))
  if (refusal) warnings.push(refusalInWords(refusal))
  if (ratings.columns.length < 2 && refusal === null)
    warnings.push(
      `${first.name} has only one column, but a user and an item column are needed. Check the separator (--delimiter; in the app: Separator).`,
    )
  return {
    ratings,
    items: items?.preview ?? null,
    mapping,
    itemMapping: items && suggestItemMappingBeside(mapping.item, items.preview.columns, items.preview.named),
    ratingValues: ratingValuesOf(rating ?? null, reading),
    choices,
    warnings: [...warningsOf(choices), ...warnings],
    ...(refusal === null ? {} : { refusal }),
    files: [...files.files],
  }
}

const hasFileColumn = ({ dialect }: Source): boolean =>
  dialect.constants?.some(({ name }) => name === fileColumn) === true

const noUsersBeside = (file: string, files: number): Refusal => ({
  message: `No column of ${file} was recognised as users.`,
  next: `If each of the ${files} files has the rows of one user, take the files’ names for the users (--user ${fileColumn}; in the app: User). Otherwise name the column of users (--user COLUMN).`,
})

/** The number of distinct pairs of values in two columns of a table or query. */
async function pairsOf(connection: DuckDBConnection, table: string, one: string, other: string): Promise<number> {
  const pairs = `SELECT DISTINCT ${identifier(one)}, ${identifier(other)} FROM ${table}`
  const result = await connection.runAndReadAll(`SELECT count(*) FROM (${pairs}) AS pairs`)
  return Number(result.getRows()[0]?.[0])
}

/** Reads the beginning of one file into a table, with statistics of its columns. @param how.beside whether it is an items file imported with ratings */
export async function previewFile(
  temporary: TemporaryDatabase,
  file: NamedFile,
  how: Omit<OpenOptions, 'signal' | 'limit'> & { readonly beside?: boolean },
  warnings: string[],
): Promise<{ preview: FilePreview; loaded: string; source: Source; choices: readonly Choice[] }> {
  const { bytes } = inspectFile(file)
  const opened = await openTable(temporary, file, { signal: null, limit: previewBytes, ...how })
  const { dialect } = opened
  const { connection } = temporary
  const table = `preview_${previews++}`
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT *
     FROM ${readAsText(opened.path, dialect, ['ignore_errors = true'])} LIMIT ${statisticsRows}`,
  )
  const rows = await firstRows(connection, table)
  const needless = needlessOptions(
    { name: file.name, format: opened.format },
    { ...how.reading, table: how.table },
    how.beside === true ? 'items-' : '',
  )
  if (needless !== null) warnings.push(needless)
  if (rows.length === 0) warnings.push(`${file.name} has no rows.`)
  const decimalComma = how.reading?.decimalComma ?? showsDecimalComma(dialect.delimiter, rows)
  const names = dialect.columns.map(({ name }) => name)
  const statistics = await columnStatistics(connection, table, names, how.reading ?? {})
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)
  const examined = Number(counted.getRows()[0]?.[0] ?? 0)
  const preview = {
    name: file.name,
    bytes,
    format: opened.format,
    tables: [...opened.tables],
    delimiter: opened.written.delimiter,
    header: opened.written.header || opened.written.shift !== undefined,
    named: dialect.named,
    columns: dialect.columns.map(({ name, type }, column) => ({
      name,
      type,
      samples: [...new Set(rows.map((row) => row[column] ?? ''))]
        .filter((value) => !isBlankCell(value))
        .slice(0, samples),
      statistics: withRowNumbers(statistics[column] ?? null, opened.rowNumbers?.includes(name) === true),
      ...(dialect.joined?.name === name ? { joined: true as const } : {}),
    })),
    rows,
    text: textFormOf(opened),
    decimalComma,
    examined: { rows: examined, whole: examined < statisticsRows && bytes <= previewBytes },
  }
  const source = { name: file.name, inside: file.inside, path: opened.path, bytes, dialect, lineOf: opened.lineOf }
  return { preview, loaded: table, source, choices: opened.choices }
}
let previews = 0

const withRowNumbers = (statistics: ColumnStatistics | null, numbersRows: boolean): ColumnStatistics | null =>
  statistics && numbersRows ? { ...statistics, rowNumber: true } : statistics

/** The values of the words in a rating column; empty if they are unknown, null if the column contains numbers. */
function ratingValuesOf(
  column: FilePreview['columns'][number] | null,
  { ratingValues }: ReadingOverrides,
): ImportPreview['ratingValues'] {
  if (ratingValues !== undefined) return ratingValues
  const { statistics } = column ?? {}
  if (statistics?.kind !== 'text' || statistics.numbers > 0 || statistics.values.length === 0) return null
  return Object.fromEntries(valuesOfWords(statistics.values.map(({ value }) => value.trim())) ?? [])
}

function textFormOf({ written, encoding, preamble }: OpenTable): TextForm | null {
  if (encoding === null) return null
  const { delimiter, quote, header, skip, shift } = written
  return {
    encoding,
    delimiter,
    quote,
    header: header || shift !== undefined,
    skip: shift ? skip - 1 : skip,
    preamble: [...preamble],
  }
}

/** Whether numbers have a decimal comma, in files whose columns are not separated by commas. */
const showsDecimalComma = (delimiter: string, rows: readonly string[][]): boolean =>
  delimiter !== ',' && rows.some((row) => row.some((value) => /^\s*-?\d+,\d+\s*$/.test(value)))

async function firstRows(connection: DuckDBConnection, table: string): Promise<string[][]> {
  const result = await connection.runAndReadAll(`SELECT * FROM ${table} LIMIT ${previewRows}`)
  return result.getRows().map((row) => row.map((value) => (typeof value === 'string' ? value : '')))
}
