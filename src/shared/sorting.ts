export interface Sorting {
  readonly key: string
  readonly direction: 'ascending' | 'descending'
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Rows in the order of a value; equal rows keep their order, and rows without one (null) come last in both directions. */
export function sortedBy<Row>(
  rows: readonly Row[],
  value: (row: Row) => number | string | null,
  direction: Sorting['direction'],
): readonly Row[] {
  const sign = direction === 'ascending' ? 1 : -1
  return rows
    .map((row) => ({ row, value: value(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      if (typeof a.value === 'number' && typeof b.value === 'number') return sign * (a.value - b.value)
      return sign * words.compare(String(a.value), String(b.value))
    })
    .map(({ row }) => row)
}
