import type { ExperimentTable, TableFormat } from '../../../shared/experiments'
import { csvOfTables } from './csv'
import { latexOfTables } from './latex'
import { markdownOfTables } from './markdown'

const writers: Readonly<
  Record<TableFormat, { readonly extension: string; readonly write: (tables: readonly ExperimentTable[]) => string }>
> = {
  csv: { extension: 'csv', write: csvOfTables },
  markdown: { extension: 'md', write: markdownOfTables },
  latex: { extension: 'tex', write: latexOfTables },
}

/**
 * The tables of an experiment as text, and a file name: letters, digits and dashes of the experiment's name, with the segment, so that it does not
 * replace the file of the whole table.
 */
export function tableFile(
  name: string,
  tables: readonly ExperimentTable[],
  format: TableFormat,
): { fileName: string; text: string } {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
  const { extension, write } = writers[format]
  const segment = tables[0]?.segment ?? null
  return { fileName: `${words || 'tables'}${segment === null ? '' : `-${segment}`}.${extension}`, text: write(tables) }
}
