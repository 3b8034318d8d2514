import type { Choice } from '../../shared/reading'
import { cellColumns, type Dialect } from './dialect'

interface Opened {
  readonly name: string
  readonly dialect: Dialect
}

/**
 * Handles tables that were split into several files, of which only the first has a header: the columns of the others get the names of
 * the first file's. Null if a file has its own header or another number of columns.
 */
export function namesOfFirst(first: Opened, other: Opened): { dialect: Dialect; choice: Choice } | null {
  const { columns, joined } = first.dialect
  const [cells, own] = [cellColumns(first.dialect), cellColumns(other.dialect)]
  if (!first.dialect.named || other.dialect.named || first.dialect.added || cells.length !== own.length) return null
  return {
    dialect: {
      ...other.dialect,
      named: true,
      joined,
      columns: columns.map(({ name, type }, column) => ({ name, type: own[column]?.type ?? type })),
    },
    choice: {
      about: 'header',
      file: other.name,
      column: null,
      value: `the columns of ${first.name}, in their order`,
      certainty: 'guess',
      evidence: 'Its first line is a row, and it has the same number of columns.',
      affectsData: true,
      control: 'First row',
      option: '--header yes, or a file with column names',
    },
  }
}
