/** Rows as columns of equal length. */
export interface Rows {
  /** Dense item indexes. */
  readonly items: Int32Array
  /** Null where the files have none. */
  readonly ratings: Float32Array | null
  /** Seconds since 1970; null where the files have none. */
  readonly times: Float64Array | null
  /** Each row's place in the files, which are counted through. */
  readonly places: Uint32Array
}

/** Whole numbers up to this are exact. */
const largestExact = 2 ** 53

/**
 * Orders one user's rows: by time, then by item, then as the files have them; where there are no times, as the files have them.
 *
 * A sort that calls a function for each comparison would take longer than the rest of the import. So what decides is packed into one number
 * per row, the row itself in the lowest digits, and the engine sorts numbers. Only where 53 bits do not hold it rows are compared.
 */
export class RowSorter {
  #keys = new Float64Array(1024)
  #distinct = new Float64Array(1024)
  #order = new Int32Array(1024)

  /** @param items of the data set */
  constructor(private readonly items: number) {}

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
    if (!(rows.times ? this.#packTimes(rows.times, rows.items, from, keys) : packPlaces(rows.places, from, keys)))
      return order.sort((a, b) => compared(rows, a, b))
    keys.sort()
    for (let i = 0; i < n; i++) {
      const key = keys[i] ?? 0
      order[i] = from + (key - Math.floor(key / n) * n)
    }
    settleEqual(rows, order)
    return order
  }

  /** Times as seconds after the first where they are whole and few enough, else by their rank. */
  #packTimes(times: Float64Array, items: Int32Array, from: number, keys: Float64Array): boolean {
    const n = keys.length
    let [first, last, whole] = [Infinity, -Infinity, true]
    for (let i = from; i < from + n; i++) {
      const time = times[i] ?? 0
      if (time < first) first = time
      if (time > last) last = time
      whole &&= time === Math.floor(time)
    }
    if (whole && (last - first + 1) * this.items * n <= largestExact) {
      for (let i = 0; i < n; i++)
        keys[i] = (((times[from + i] ?? 0) - first) * this.items + (items[from + i] ?? 0)) * n + i
      return true
    }
    if (n * this.items * n > largestExact) return false
    const sorted = this.#distinct.subarray(0, n)
    sorted.set(times.subarray(from, from + n))
    sorted.sort()
    for (let i = 0; i < n; i++)
      keys[i] = (rankOf(times[from + i] ?? 0, sorted) * this.items + (items[from + i] ?? 0)) * n + i
    return true
  }
}

function packPlaces(places: Uint32Array, from: number, keys: Float64Array): boolean {
  const n = keys.length
  let [first, last] = [Infinity, -Infinity]
  for (let i = from; i < from + n; i++) {
    const place = places[i] ?? 0
    if (place < first) first = place
    if (place > last) last = place
  }
  if ((last - first + 1) * n > largestExact) return false
  for (let i = 0; i < n; i++) keys[i] = ((places[from + i] ?? 0) - first) * n + i
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

function compared({ times, items, places }: Rows, a: number, b: number): number {
  const [placeA, placeB] = [places[a] ?? 0, places[b] ?? 0]
  if (!times) return placeA - placeB
  return (times[a] ?? 0) - (times[b] ?? 0) || (items[a] ?? 0) - (items[b] ?? 0) || placeA - placeB
}

function isOrdered(rows: Rows, order: Int32Array): boolean {
  for (let i = 1; i < order.length; i++) if (compared(rows, order[i - 1] ?? 0, order[i] ?? 0) > 0) return false
  return true
}

/** Puts rows of the same time and item in the order of the files; the packed numbers leave them as they came. */
function settleEqual(rows: Rows, order: Int32Array): void {
  const { times, items } = rows
  if (!times) return
  const same = (a = 0, b = 0): boolean => times[a] === times[b] && items[a] === items[b]
  for (let begin = 0, end = 1; begin < order.length; begin = end++) {
    while (end < order.length && same(order[begin], order[end])) end++
    if (end - begin > 1) order.subarray(begin, end).sort((a, b) => compared(rows, a, b))
  }
}
