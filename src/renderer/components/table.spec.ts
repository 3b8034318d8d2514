import { describe, expect, it } from 'vitest'
import { sortRows, type Column } from './table'

interface Row {
  name: string
  value: number | null
}
const rows: Row[] = [
  { name: 'run 10', value: null },
  { name: 'run 2', value: 3 },
  { name: 'Run 1', value: 1 },
]
const columns: Column<Row>[] = [
  { key: 'name', label: 'Name', sort: (row) => row.name },
  { key: 'value', label: 'Value', sort: (row) => row.value },
]
const names = (key: string, direction: 'ascending' | 'descending'): string[] =>
  sortRows(rows, columns, { key, direction }).map(({ name }) => name)

describe('sortRows', () => {
  it('reads numbers inside names as numbers and ignores case', () => {
    expect(names('name', 'ascending')).toEqual(['Run 1', 'run 2', 'run 10'])
  })

  it('puts unknown values last, in both directions', () => {
    expect(names('value', 'ascending')).toEqual(['Run 1', 'run 2', 'run 10'])
    expect(names('value', 'descending')).toEqual(['run 2', 'Run 1', 'run 10'])
  })

  it('leaves the order alone without a sorting', () => {
    expect(sortRows(rows, columns, null)).toBe(rows)
  })
})
