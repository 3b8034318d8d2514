/** Rows as columns of equal length. */
export interface Rows {
  /** Dense item indexes. */
  readonly items: Int32Array
  /** Null if the files have none. */
  readonly ratings: Float32Array | null
  /** Seconds since 1970; null if the files have none. */
  readonly times: Float64Array | null
  /** Each row's number, counted through all files. */
  readonly lines: Uint32Array
}

/** Whole numbers up to this are exact. */
const largestExact = 2 ** 53

/**
 * Orders one user's rows by time, then by their order in the files; without times, only by their order in the files.
 *
 * A sort with a comparison function would take longer than the rest of the import. So the sort keys are packed into one number
 * per row, with the row in the lowest digits, and the engine sorts numbers: first by row number, if the rows arrive in another order,
 * then by time. Rows are compared only if 53 bits are not enough.
 */
export class RowSorter {
  #keys = new Float64Array(1024)
  #distinct = new Float64Array(1024)
  #order = new Int32Array(1024)

  /** [to − from]: the rows `from` … `to` − 1 in order; a view that the next call overwrites. */
  order(rows: Rows, from: number, to: number): Int32Array {
    const n = to - from
    if (this.#keys.length < n) {
      const room = Math.max(n, 2 * this.#keys.length)
      this.#keys = new Float64Array(room)
      this.#distinct = new Float64Array(room)
      this.#order = new Int32Array(room)
    }
    const order = this.#order.subarray(0, n)
    for (let i = 0; i < n; i++) order[i] = from + i
    if (isOrdered(rows, order)) return order
    const keys = this.#keys.subarray(0, n)
    if (!rise(rows.lines, from, n)) {
      if (!packLines(rows.lines, from, keys)) return order.sort((a, b) => compared(rows, a, b))
      keys.sort()
      for (let i = 0; i < n; i++) order[i] = from + lowest(keys[i] ?? 0, n)
    }
    if (!rows.times) return order
    if (!this.#packTimes(rows.times, order, keys)) return order.sort((a, b) => compared(rows, a, b))
    keys.sort()
    // The keys are positions in `order`, which is overwritten only after all of them were looked up.
    for (let i = 0; i < n; i++) keys[i] = order[lowest(keys[i] ?? 0, n)] ?? 0
    order.set(keys)
    return order
  }

  /** Times as seconds after the first if they are whole and small enough, else as ranks. */
  #packTimes(times: Float64Array, order: Int32Array, keys: Float64Array): boolean {
    const n = keys.length
    let [first, last, whole] = [Infinity, -Infinity, true]
    for (let i = 0; i < n; i++) {
      const time = times[order[i] ?? 0] ?? 0
      if (time < first) first = time
      if (time > last) last = time
      whole &&= time === Math.floor(time)
    }
    if (whole && (last - first + 1) * n <= largestExact) {
      for (let i = 0; i < n; i++) keys[i] = ((times[order[i] ?? 0] ?? 0) - first) * n + i
      return true
    }
    if (n * n > largestExact) return false
    const sorted = this.#distinct.subarray(0, n)
    for (let i = 0; i < n; i++) sorted[i] = times[order[i] ?? 0] ?? 0
    sorted.sort()
    for (let i = 0; i < n; i++) keys[i] = rankOf(times[order[i] ?? 0] ?? 0, sorted) * n + i
    return true
  }
}

/** The digits below `n` of a packed number. */
const lowest = (key: number, n: number): number => key - Math.floor(key / n) * n

function rise(lines: Uint32Array, from: number, n: number): boolean {
  for (let i = from + 1; i < from + n; i++) if ((lines[i - 1] ?? 0) > (lines[i] ?? 0)) return false
  return true
}

function packLines(lines: Uint32Array, from: number, keys: Float64Array): boolean {
  const n = keys.length
  let [first, last] = [Infinity, -Infinity]
  for (let i = from; i < from + n; i++) {
    const line = lines[i] ?? 0
    if (line < first) first = line
    if (line > last) last = line
  }
  if ((last - first + 1) * n > largestExact) return false
  for (let i = 0; i < n; i++) keys[i] = ((lines[from + i] ?? 0) - first) * n + i
  return true
}

/** How many of the sorted values are smaller. */
function rankOf(value: number, sorted: Float64Array): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

function compared({ times, lines }: Rows, a: number, b: number): number {
  const later = times ? (times[a] ?? 0) - (times[b] ?? 0) : 0
  return later || (lines[a] ?? 0) - (lines[b] ?? 0)
}

function isOrdered(rows: Rows, order: Int32Array): boolean {
  for (let i = 1; i < order.length; i++) if (compared(rows, order[i - 1] ?? 0, order[i] ?? 0) > 0) return false
  return true
}
