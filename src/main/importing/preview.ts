import { scratchOf } from '../store/temporary-folders'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { FilePreview, ImportPreview } from '../../shared/datasets'
import { readAsText } from './dialect'
import { explainFailure, openScratch, type Scratch } from './duckdb'
import { openTable, type OpenTable, plainFiles } from './open-table'
import { inspectFile, type NamedFile } from './source-file'
import { suggestItemMapping, suggestMapping } from './suggest-mapping'

const previewRows = 100
const samples = 5
/** As much of a file as a preview looks at where it must be copied first. */
const previewBytes = 4 * 1024 * 1024

/**
 * What the first rows of the files look like and what their columns probably mean. Of several ratings files the first
 * is shown; the others must have the same columns.
 * @throws StudioError for a file that cannot be read or is no table.
 */
export async function previewImport(
  files: { ratings: readonly NamedFile[]; items: NamedFile | null; part?: string | null },
  library: string,
): Promise<ImportPreview> {
  for (const file of [...files.ratings, ...(files.items ? [files.items] : [])]) inspectFile(file)
  const scratch = await openScratch(scratchOf(library), null)
  try {
    return await preview(scratch, await plainFiles(files, scratch.folder, null), files.part ?? null)
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    scratch.close()
  }
}

async function preview(
  scratch: Scratch,
  files: { ratings: readonly NamedFile[]; items: NamedFile | null },
  part: string | null,
): Promise<ImportPreview> {
  const [first, ...others] = files.ratings
  if (!first) throw new Error('a preview needs a ratings file')
  const warnings: string[] = []
  const ratings = await previewFile(scratch, first, part, warnings)
  for (const other of others) {
    const { dialect } = await openTable(scratch, other, { signal: null, limit: previewBytes, part })
    const names = ({ columns }: { columns: readonly { name: string }[] }): string =>
      columns.map(({ name }) => name).join(', ')
    if (names(dialect) !== names(ratings))
      warnings.push(`${other.name} has other columns (${names(dialect)}) than ${first.name} (${names(ratings)}).`)
  }
  const items = files.items && (await previewFile(scratch, files.items, null, warnings))
  const mapping = suggestMapping(ratings.columns, ratings.named)
  if (!mapping)
    warnings.push(
      ratings.columns.length < 2
        ? `${first.name} has one column only; a user and an item column are needed.`
        : `It cannot be told which columns of ${first.name} hold users and items; choose them.`,
    )
  if (mapping && !mapping.rating) warnings.push('There is no rating column: every row counts as an interaction.')
  return {
    ratings,
    items,
    mapping,
    itemMapping: items && suggestItemMapping(items.columns, items.named),
    warnings,
  }
}

async function previewFile(
  scratch: Scratch,
  file: NamedFile,
  part: string | null,
  warnings: string[],
): Promise<FilePreview> {
  const { bytes } = inspectFile(file)
  const table = await openTable(scratch, file, { signal: null, limit: previewBytes, part })
  const { dialect } = table
  const rows = await firstRows(scratch.connection, table)
  if (dialect.header && dialect.columns.length > 1 && dialect.columns.every(({ type }) => type === 'VARCHAR'))
    if (!suggestMapping(dialect.columns, true) && !suggestItemMapping(dialect.columns, true))
      warnings.push(`The first row of ${file.name} was taken for its header.`)
  if (rows.length === 0) warnings.push(`${file.name} has no rows.`)
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
    })),
    rows,
  }
}

async function firstRows(connection: DuckDBConnection, { path, dialect }: OpenTable): Promise<string[][]> {
  const result = await connection.runAndReadAll(
    `SELECT * FROM ${readAsText(path, dialect, ['ignore_errors = true'])} LIMIT ${previewRows}`,
  )
  return result.getRows().map((row) => row.map((value) => (typeof value === 'string' ? value : '')))
}
