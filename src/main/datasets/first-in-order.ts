/** One interaction: of which user, at which place of the history. */
interface Places {
  readonly users: Int32Array
  readonly places: Int32Array
}

/** Room for so many times the wanted: the more, the fewer times they are shortened. */
const slack = 16

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
    const room = slack * most
    this.#keys = new Float64Array(room)
    this.#users = new Int32Array(room)
    this.#places = new Int32Array(room)
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
      this.#places[kept] = this.#places[index] ?? 0
      kept++
    }
    this.#count = kept
    this.#last = last
  }

  first(): Places {
    this.#shorten()
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index)
    order.sort((a, b) => (this.#keys[a] ?? 0) - (this.#keys[b] ?? 0) || a - b)
    return {
      users: Int32Array.from(order, (index) => this.#users[index] ?? 0),
      places: Int32Array.from(order, (index) => this.#places[index] ?? 0),
    }
  }
}
