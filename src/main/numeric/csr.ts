/**
 * Binary sparse matrix in compressed sparse row form: row r holds the columns
 * `indices[offsets[r]] … indices[offsets[r + 1] - 1]`, each at most once. A row is one user's history.
 */
export interface Csr {
  readonly rows: number
  readonly columns: number
  /** [rows + 1], ascending, first 0. */
  readonly offsets: Int32Array
  /** [offsets[rows]], each in 0 … columns − 1. */
  readonly indices: Int32Array
}

/** The columns of row r, as a view (no copy). */
export const rowOf = (csr: Csr, r: number): Int32Array => csr.indices.subarray(csr.offsets[r], csr.offsets[r + 1])

/** Builds a matrix [rows.length, columns] from one index list per row. */
export function csrFromRows(rows: readonly ArrayLike<number>[], columns: number): Csr {
  const offsets = new Int32Array(rows.length + 1)
  rows.forEach((row, r) => (offsets[r + 1] = (offsets[r] ?? 0) + row.length))
  const indices = new Int32Array(offsets[rows.length] ?? 0)
  rows.forEach((row, r) => indices.set(row, offsets[r]))
  return { rows: rows.length, columns, offsets, indices }
}

/** Builds a matrix row by row, so that the rows need not be in memory at the same time. */
export class CsrBuilder {
  #offsets = new Int32Array(1024)
  #indices = new Int32Array(16 * 1024)
  #rows = 0

  constructor(private readonly columns: number) {}

  /** Copies the row's columns. */
  add(row: ArrayLike<number>): void {
    const from = this.#offsets[this.#rows] ?? 0
    const end = from + row.length
    if (this.#rows + 2 > this.#offsets.length) this.#offsets = grown(this.#offsets, this.#rows + 2)
    if (end > this.#indices.length) this.#indices = grown(this.#indices, end)
    this.#indices.set(row, from)
    this.#offsets[++this.#rows] = end
  }

  /** The rows added so far: [rows, columns], copied to new arrays. */
  finish(): Csr {
    const offsets = this.#offsets.slice(0, this.#rows + 1)
    return {
      rows: this.#rows,
      columns: this.columns,
      offsets,
      indices: this.#indices.slice(0, offsets[this.#rows]),
    }
  }
}

/** A copy with room for at least `needed` entries, and 1.5 times as large as before. */
function grown(values: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(needed, Math.ceil(values.length * 1.5)))
  longer.set(values)
  return longer
}

/** The given rows of `csr`, in the given order: [chosen.length, columns]. */
export const selectRows = (csr: Csr, chosen: ArrayLike<number>): Csr =>
  csrFromRows(
    Array.from(chosen, (r) => rowOf(csr, r)),
    csr.columns,
  )

/** Rows `from` … `to` − 1: [to − from, columns], its indices a view (no copy). */
export function rowRange({ columns, offsets, indices }: Csr, from: number, to: number): Csr {
  const first = offsets[from] ?? 0
  return {
    rows: to - from,
    columns,
    offsets: offsets.slice(from, to + 1).map((offset) => offset - first),
    indices: indices.subarray(first, offsets[to]),
  }
}

/** The rows of `above`, then those of `below`, which has as many columns. */
export function concatRows(above: Csr, below: Csr): Csr {
  const split = above.offsets[above.rows] ?? 0
  const offsets = new Int32Array(above.rows + below.rows + 1)
  offsets.set(above.offsets)
  below.offsets.forEach((offset, r) => (offsets[above.rows + r] = split + offset))
  const indices = new Int32Array(offsets.at(-1) ?? 0)
  indices.set(above.indices.subarray(0, split))
  indices.set(below.indices.subarray(0, below.offsets[below.rows]), split)
  return { rows: above.rows + below.rows, columns: above.columns, offsets, indices }
}

/** Number of rows that have each column: [columns]. */
export function columnCounts(csr: Csr): Float64Array {
  const counts = new Float64Array(csr.columns)
  for (const i of csr.indices) counts[i] = (counts[i] ?? 0) + 1
  return counts
}

/** The same rows with only the entries for which `keeps` returns true; entries are numbered over all rows. */
export function keepEntries(csr: Csr, keeps: (entry: number, row: number) => boolean): Csr {
  const offsets = new Int32Array(csr.rows + 1)
  const indices = new Int32Array(csr.offsets[csr.rows] ?? 0)
  let kept = 0
  for (let r = 0; r < csr.rows; r++) {
    for (let e = csr.offsets[r] ?? 0; e < (csr.offsets[r + 1] ?? 0); e++)
      if (keeps(e, r)) indices[kept++] = csr.indices[e] ?? 0
    offsets[r + 1] = kept
  }
  return { rows: csr.rows, columns: csr.columns, offsets, indices: indices.slice(0, kept) }
}
