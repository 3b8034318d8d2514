import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { FilePreview, ImportPreview } from '../../shared/datasets'
import { type Dialect, detectDialect, readAsText } from './dialect'
import { explainFailure, openScratch, type Scratch } from './duckdb'
import { plainText, textForm } from './plain-text'
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
export async function previewImport(files: {
  ratings: readonly NamedFile[]
  items: NamedFile | null
}): Promise<ImportPreview> {
  for (const file of [...files.ratings, ...(files.items ? [files.items] : [])]) inspectFile(file)
  const scratch = await openScratch(join(tmpdir(), `vasp-studio-preview-${userInfo().uid}`), null)
  try {
    return await preview(scratch, files)
  } catch (error) {
    throw explainFailure(error, null)
  } finally {
    scratch.close()
  }
}

async function preview(
  scratch: Scratch,
  files: { ratings: readonly NamedFile[]; items: NamedFile | null },
): Promise<ImportPreview> {
  const [first, ...others] = files.ratings
  if (!first) throw new Error('a preview needs a ratings file')
  const warnings: string[] = []
  const ratings = await previewFile(scratch, first, warnings)
  for (const other of others) {
    const dialect = await dialectOf(scratch, other)
    const names = ({ columns }: { columns: readonly { name: string }[] }): string =>
      columns.map(({ name }) => name).join(', ')
    if (names(dialect) !== names(ratings))
      warnings.push(`${other.name} has other columns (${names(dialect)}) than ${first.name} (${names(ratings)}).`)
  }
  const items = files.items && (await previewFile(scratch, files.items, warnings))
  const mapping = suggestMapping(ratings.columns, ratings.header)
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
    itemMapping: items && suggestItemMapping(items.columns, items.header),
    warnings,
  }
}

async function dialectOf(scratch: Scratch, file: NamedFile): Promise<Dialect & { path: string }> {
  const form = await textForm(file, null, previewBytes)
  const path = await plainText(file, form, scratch.folder, null, previewBytes)
  return { ...(await detectDialect(scratch, path, file.name)), path }
}

async function previewFile(scratch: Scratch, file: NamedFile, warnings: string[]): Promise<FilePreview> {
  const { bytes } = inspectFile(file)
  const dialect = await dialectOf(scratch, file)
  const rows = await firstRows(scratch.connection, dialect)
  if (dialect.header && dialect.columns.length > 1 && dialect.columns.every(({ type }) => type === 'VARCHAR'))
    if (!suggestMapping(dialect.columns, true) && !suggestItemMapping(dialect.columns, true))
      warnings.push(`The first row of ${file.name} was taken for its header.`)
  if (rows.length === 0) warnings.push(`${file.name} has no rows.`)
  return {
    name: file.name,
    bytes,
    delimiter: dialect.delimiter,
    header: dialect.header,
    columns: dialect.columns.map(({ name, type }, column) => ({
      name,
      type,
      samples: [...new Set(rows.map((row) => row[column] ?? ''))].filter((value) => value !== '').slice(0, samples),
    })),
    rows,
  }
}

async function firstRows(connection: DuckDBConnection, dialect: Dialect & { path: string }): Promise<string[][]> {
  const result = await connection.runAndReadAll(
    `SELECT * FROM ${readAsText(dialect.path, dialect, ['ignore_errors = true'])} LIMIT ${previewRows}`,
  )
  return result.getRows().map((row) => row.map((value) => (typeof value === 'string' ? value : '')))
}
