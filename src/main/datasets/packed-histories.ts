import type { PositiveHistory } from './positive-history'

/** Number of interactions in a block. */
const BLOCK = 64 * 1024

interface Block {
  readonly items: Int32Array
  readonly times: Float64Array | null
}

/**
 * Packs histories into a few long arrays. Separate arrays would cost each user some 600 bytes in addition to the values, more than most histories
 * need. A history that creates its array views on demand costs a sixth of that.
 */
export class HistoryPacking {
  #block: Block = { items: new Int32Array(0), times: null }
  #filled = 0

  /** A packed copy, so that the argument can be freed; the argument itself if it is already packed. */
  add(history: PositiveHistory): PositiveHistory {
    if (history instanceof PackedHistory) return history
    const { user, externalId, items, times } = history
    const { length } = items
    if (this.#filled + length > this.#block.items.length || (times !== null) !== (this.#block.times !== null)) {
      const size = Math.max(BLOCK, length)
      this.#block = { items: new Int32Array(size), times: times && new Float64Array(size) }
      this.#filled = 0
    }
    const from = this.#filled
    this.#filled += length
    this.#block.items.set(items, from)
    if (times) this.#block.times?.set(times, from)
    return new PackedHistory(user, externalId, this.#block, from, this.#filled)
  }
}

class PackedHistory implements PositiveHistory {
  constructor(
    readonly user: number,
    readonly externalId: string,
    private readonly block: Block,
    private readonly from: number,
    private readonly end: number,
  ) {}

  get items(): Int32Array {
    return this.block.items.subarray(this.from, this.end)
  }

  get times(): Float64Array | null {
    return this.block.times?.subarray(this.from, this.end) ?? null
  }
}
