import { expect, it } from 'vitest'
import type { FilePreview } from './datasets'
import { shapeOf, shapesOf } from './import-templates'

const column = (name: string) => ({ name, type: 'VARCHAR', samples: [] })
const file = (named: boolean, columns: FilePreview['columns']): FilePreview => ({
  name: 'a.csv',
  bytes: 1,
  format: 'delimited text',
  tables: [],
  delimiter: ',',
  header: named,
  named,
  columns,
  rows: [],
})
const plain = ['user', 'item', 'day', 'clock'].map(column)
const joined = { ...column('day + clock'), joined: true as const }

it.each([true, false])(
  'files have the shape of their own columns, whether their times are joined or not (named: %s)',
  (named) => {
    const [before, now] = [file(named, plain), file(named, [...plain, joined])]
    expect(shapeOf(now)).toBe(shapeOf(before))
    expect(shapesOf(before)).toEqual([shapeOf(before)])
    // What was kept with the joined time among the columns is still offered.
    expect(shapesOf(now)).toEqual([shapeOf(before), shapeOf(file(named, [...plain, column('day + clock')]))])
  },
)
