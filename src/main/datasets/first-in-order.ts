/** Interactions: the user, and the position in the user's history. */
interface Positions {
  readonly users: Int32Array
  readonly positions: Int32Array
}

/** Buffer size as a multiple of `most`: a larger buffer is compacted less often. */
const slack = 16

/**
 * Collects the first `most` of any number of interactions in the order of a key, equal keys in input order. Memory depends only on `most`:
 * interactions behind the last of them are skipped.
 */
export class FirstInOrder {
  readonly #keys: Float64Array
  readonly #users: Int32Array
  readonly #positions: Int32Array
  readonly #sign: number
  #count = 0
  /** Keys from this one on are not among the first. */
  #last = Infinity

  constructor(
    private readonly most: number,
    direction: 'ascending' | 'descending',
  ) {
    const room = slack * most
    this.#keys = new Float64Array(room)
    this.#users = new Int32Array(room)
    this.#positions = new Int32Array(room)
    this.#sign = direction === 'ascending' ? 1 : -1
  }

  /** @param keys of a history's interactions */
  add(user: number, keys: ArrayLike<number>): void {
    for (let position = 0; position < keys.length; position++) {
      const key = this.#sign * (keys[position] ?? 0)
      if (!(key < this.#last)) continue
      this.#keys[this.#count] = key
      this.#users[this.#count] = user
      this.#positions[this.#count] = position
      if (++this.#count === this.#keys.length) this.#shorten()
    }
  }

  /** Keeps the first `most`, in the order in which they came. */
  #shorten(): void {
    if (this.#count <= this.most) return
    const last = this.#keys.slice(0, this.#count).sort()[this.most - 1] ?? Infinity
    let before = 0
    for (let index = 0; index < this.#count; index++) before += Number((this.#keys[index] ?? 0) < last)
    let equal = this.most - before
    let kept = 0
    for (let index = 0; index < this.#count; index++) {
      const key = this.#keys[index] ?? 0
      if (key > last || (key === last && equal-- <= 0)) continue
      this.#keys[kept] = key
      this.#users[kept] = this.#users[index] ?? 0
      this.#positions[kept] = this.#positions[index] ?? 0
      kept++
    }
    this.#count = kept
    this.#last = last
  }

  first(): Positions {
    this.#shorten()
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index)
    order.sort((a, b) => (this.#keys[a] ?? 0) - (this.#keys[b] ?? 0) || a - b)
    return {
      users: Int32Array.from(order, (index) => this.#users[index] ?? 0),
      positions: Int32Array.from(order, (index) => this.#positions[index] ?? 0),
    }
  }
}
