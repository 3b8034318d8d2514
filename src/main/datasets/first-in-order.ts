/** One interaction: of which user, at which place of the history. */
interface Places {
  readonly users: Int32Array
  readonly places: Int32Array
}

/**
 * The first `most` of any number of interactions in the order of a key, equal keys in the order in which they come. Memory and work stay those of
 * `most`: whatever comes behind the last of them is passed over.
 */
export class FirstInOrder {
  readonly #keys: Float64Array
  readonly #users: Int32Array
  readonly #places: Int32Array
  readonly #sign: number
  #count = 0
  /** A key that is not before this one is not among the first. */
  #last = Infinity

  constructor(
    private readonly most: number,
    direction: 'ascending' | 'descending',
  ) {
    this.#keys = new Float64Array(2 * most)
    this.#users = new Int32Array(2 * most)
    this.#places = new Int32Array(2 * most)
    this.#sign = direction === 'ascending' ? 1 : -1
  }

  /** @param keys of a history's interactions */
  add(user: number, keys: ArrayLike<number>): void {
    for (let place = 0; place < keys.length; place++) {
      const key = this.#sign * (keys[place] ?? 0)
      if (!(key < this.#last)) continue
      this.#keys[this.#count] = key
      this.#users[this.#count] = user
      this.#places[this.#count] = place
      if (++this.#count === this.#keys.length) this.#shorten()
    }
  }

  #shorten(): void {
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index)
    order.sort((a, b) => (this.#keys[a] ?? 0) - (this.#keys[b] ?? 0) || a - b)
    const kept = order.subarray(0, this.most)
    for (const column of [this.#keys, this.#users, this.#places]) {
      const sorted = column.slice(0, kept.length)
      for (let index = 0; index < kept.length; index++) sorted[index] = column[kept[index] ?? 0] ?? 0
      column.set(sorted)
    }
    this.#count = kept.length
    if (kept.length === this.most) this.#last = this.#keys[this.most - 1] ?? Infinity
  }

  first(): Places {
    this.#shorten()
    return { users: this.#users.slice(0, this.#count), places: this.#places.slice(0, this.#count) }
  }
}
