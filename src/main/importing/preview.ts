import { scratchOf } from '../store/temporary-folders'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { FilePreview, ImportPreview } from '../../shared/datasets'
import type { FoundFile } from '../../shared/found-files'
import type { Choice, Reading, TextForm } from '../../shared/reading'
import { columnStatistics } from './column-statistics'
import { readAsText } from './dialect'
import { explainFailure, openScratch, type Scratch } from './duckdb'
import { openTable, type OpenTable, plainFiles } from './open-table'
import { headOf } from './plain-text'
import { inspectFile, type NamedFile } from './source-file'
import { suggestItemMapping, suggestMapping } from './suggest-mapping'

const previewRows = 100
const samples = 5
/** Rows that the statistics are of. */
const statisticsRows = 20_000
const longestPreambleLine = 200
/** As much of a file as a preview looks at where it must be copied first. */
const previewBytes = 4 * 1024 * 1024

/**
 * What the first rows of the files look like and what their columns probably mean. Of several ratings files the first
 * is shown; the others must have the same columns.
 * @throws StudioError for a file that cannot be read or is no table.
 */
export async function previewImport(
  files: {
    ratings: readonly NamedFile[]
    items: NamedFile | null
    part?: string | null
    reading?: Reading | undefined
  },
  library: string,
): Promise<ImportPreview> {
  for (const file of [...files.ratings, ...(files.items ? [files.items] : [])]) inspectFile(file)
  const scratch = await openScratch(scratchOf(library), null)
  try {
    return await preview(
      scratch,
      await plainFiles(files, scratch.folder, null, files.reading?.roles),
      files.part ?? null,
      files.reading ?? {},
    )
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    scratch.close()
  }
}

async function preview(
  scratch: Scratch,
  files: { ratings: readonly NamedFile[]; items: NamedFile | null; files: readonly FoundFile[] },
  part: string | null,
  reading: Reading,
): Promise<ImportPreview> {
  const [first, ...others] = files.ratings
  if (!first) throw new Error('a preview needs a ratings file')
  const warnings: string[] = []
  const choices: Choice[] = []
  const ratings = await previewFile(scratch, first, { part, reading }, warnings, choices)
  for (const other of others) {
    const { dialect } = await openTable(scratch, other, { signal: null, limit: previewBytes, part, reading })
    const names = ({ columns }: { columns: readonly { name: string }[] }): string =>
      columns.map(({ name }) => name).join(', ')
    if (names(dialect) !== names(ratings))
      warnings.push(`${other.name} has other columns (${names(dialect)}) than ${first.name} (${names(ratings)}).`)
  }
  const items =
    files.items && (await previewFile(scratch, files.items, { reading: { layout: 'list' } }, warnings, choices))
  const mapping = suggestMapping(ratings.columns, ratings.named)
  if (ratings.columns.length < 2)
    warnings.push(`${first.name} has one column only; a user and an item column are needed.`)
  return {
    ratings,
    items,
    mapping,
    itemMapping: items && suggestItemMapping(items.columns, items.named),
    warnings,
    choices,
    files: [...files.files],
  }
}

async function previewFile(
  scratch: Scratch,
  file: NamedFile,
  how: { part?: string | null; reading?: Reading },
  warnings: string[],
  choices: Choice[],
): Promise<FilePreview> {
  const { bytes } = inspectFile(file)
  const table = await openTable(scratch, file, { signal: null, limit: previewBytes, ...how })
  const { dialect } = table
  choices.push(...table.choices)
  const { connection } = scratch
  const sample = `preview_${previews++}`
  await connection.run(
    `CREATE TEMP TABLE ${sample} AS SELECT *
     FROM ${readAsText(table.path, dialect, ['ignore_errors = true'])} LIMIT ${statisticsRows}`,
  )
  const rows = await firstRows(connection, sample)
  if (dialect.header && dialect.columns.length > 1 && dialect.columns.every(({ type }) => type === 'VARCHAR'))
    if (!suggestMapping(dialect.columns, true) && !suggestItemMapping(dialect.columns, true))
      warnings.push(`The first row of ${file.name} was taken for its header.`)
  if (rows.length === 0) warnings.push(`${file.name} has no rows.`)
  const decimalComma = how.reading?.decimalComma ?? showsDecimalComma(dialect.delimiter, rows)
  const names = dialect.columns.map(({ name }) => name)
  const form = { delimiter: dialect.delimiter, decimalComma: how.reading?.decimalComma }
  const statistics = await columnStatistics(connection, sample, names, form)
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${sample}`)
  const looked = Number(counted.getRows()[0]?.[0] ?? 0)
  return {
    name: file.name,
    bytes,
    format: table.format,
    parts: [...table.parts],
    delimiter: dialect.delimiter,
    header: dialect.header,
    named: dialect.named,
    columns: dialect.columns.map(({ name, type }, column) => ({
      name,
      type,
      samples: [...new Set(rows.map((row) => row[column] ?? ''))].filter((value) => value !== '').slice(0, samples),
      statistics: statistics[column] ?? null,
    })),
    rows,
    text: textFormOf(table),
    decimalComma,
    looked: { rows: looked, whole: looked < statisticsRows && bytes <= previewBytes },
  }
}
let previews = 0

function textFormOf({ path, dialect, encoding }: OpenTable): TextForm | null {
  if (encoding === null) return null
  const { delimiter, quote, header, skip } = dialect
  const before =
    skip === 0
      ? []
      : headOf(path, previewBytes)
          .toString('utf8')
          .split(/\r\n|\r|\n/, skip)
  const preamble = before.map((line) => line.replace('\ufeff', '').slice(0, longestPreambleLine))
  return { encoding, delimiter, quote, header, skip, preamble }
}

/** Whether numbers are written with a comma before their decimals, where commas do not separate the columns. */
const showsDecimalComma = (delimiter: string, rows: readonly string[][]): boolean =>
  delimiter !== ',' && rows.some((row) => row.some((value) => /^\s*-?\d+,\d+\s*$/.test(value)))

async function firstRows(connection: DuckDBConnection, table: string): Promise<string[][]> {
  const result = await connection.runAndReadAll(`SELECT * FROM ${table} LIMIT ${previewRows}`)
  return result.getRows().map((row) => row.map((value) => (typeof value === 'string' ? value : '')))
}
