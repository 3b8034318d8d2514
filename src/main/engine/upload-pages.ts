/** Tracks which pages are connected, and since when others are not. A page that reconnects after a short interruption is still the same page. */
export class UploadPages {
  readonly #connections = new Map<string, number>()
  readonly #goneAt = new Map<string, number>()
  readonly #now: () => number

  /** @param now monotonic clock in milliseconds */
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
