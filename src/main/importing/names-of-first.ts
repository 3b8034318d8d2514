import type { Choice } from '../../shared/reading'
import { fileColumn, nameWithoutEnding } from './columns-of-path'
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
  const { columns, joined, constants = [] } = first.dialect
  const [cells, own] = [cellColumns(first.dialect), cellColumns(other.dialect)]
  if (!first.dialect.named || other.dialect.named || first.dialect.added || cells.length !== own.length) return null
  const said = constants.map(({ name }) =>
    name === fileColumn
      ? { name, value: nameWithoutEnding(other.name) }
      : other.dialect.constants?.find((one) => one.name === name),
  )
  // The folders of one file say nothing of another one.
  if (said.some((one) => one === undefined)) return null
  return {
    dialect: {
      ...other.dialect,
      named: true,
      joined,
      constants: said.filter((one) => one !== undefined),
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
