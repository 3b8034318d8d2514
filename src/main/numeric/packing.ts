/** Entries of one block. */
const BLOCK = 64 * 1024

/**
 * Keeps many short arrays in few long ones. A typed array of its own costs some 300 bytes beside its values, which for a hundred thousand
 * users is more than their histories are; a view of a shared block costs a third of that.
 */
export class Packing<T extends Int32Array | Float64Array> {
  #block: T | null = null
  #filled = 0

  /** @param make an array of so many zeros */
  constructor(private readonly make: (length: number) => T) {}

  /** A view of a copy of `values`. */
  keep(values: T): T {
    let block = this.#block
    if (block === null || this.#filled + values.length > block.length) {
      block = this.#block = this.make(Math.max(BLOCK, values.length))
      this.#filled = 0
    }
    const from = this.#filled
    this.#filled += values.length
    block.set(values, from)
    return block.subarray(from, this.#filled) as T
  }
}
