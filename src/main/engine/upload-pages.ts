/** Which pages are connected, and since when those that left are gone. A page that loses its connection for a moment is the same page when it is back. */
export class UploadPages {
  readonly #connections = new Map<string, number>()
  readonly #goneAt = new Map<string, number>()
  readonly #now: () => number

  /** @param now milliseconds of a clock that never steps */
  constructor(now: () => number) {
    this.#now = now
  }

  /** A page opens a connection; it may have several. */
  connected(page: string): void {
    this.#connections.set(page, (this.#connections.get(page) ?? 0) + 1)
    this.#goneAt.delete(page)
  }

  disconnected(page: string): void {
    const left = (this.#connections.get(page) ?? 1) - 1
    if (left > 0) {
      this.#connections.set(page, left)
      return
    }
    this.#connections.delete(page)
    this.#goneAt.set(page, this.#now())
  }

  /** Milliseconds since the page's last connection closed: 0 while it is connected, Infinity for one that has been forgotten. */
  goneFor(page: string): number {
    if (this.#connections.has(page)) return 0
    const at = this.#goneAt.get(page)
    return at === undefined ? Infinity : this.#now() - at
  }

  /** Forgets pages that have been gone for more than `milliseconds`. */
  forget(milliseconds: number): void {
    for (const page of [...this.#goneAt.keys()]) if (this.goneFor(page) > milliseconds) this.#goneAt.delete(page)
  }
}
