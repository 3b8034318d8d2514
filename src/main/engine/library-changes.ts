import type { LibraryChange, LibraryTopic } from '../../shared/library'
import type { ChangeRepository } from '../store/store'

/** How often the database is checked for changes, in milliseconds; this only reads a number in shared memory. */
const interval = 1000

interface Watcher {
  readonly changed: Set<LibraryTopic>
  wake: () => void
}

/**
 * Reports changes in the library by this engine or another process to pages. The database is checked only while a page watches, and its contents are
 * compared only if something was written.
 */
export class LibraryChanges {
  readonly #watchers = new Set<Watcher>()
  #timer: NodeJS.Timeout | null = null
  #mark = ''
  #shown: ReadonlyMap<LibraryTopic, string> = new Map()
  #failure: Error | null = null
  #closed = false

  constructor(private readonly repository: ChangeRepository) {}

  /** Yields all changes from this call on, until the engine ends. Throws if the database cannot be read. */
  watch(signal?: AbortSignal): AsyncGenerator<LibraryChange, void, void> {
    // Earlier changes are not new to this watcher, but may be to others.
    this.#look()
    const watcher: Watcher = { changed: new Set(), wake: () => undefined }
    this.#watchers.add(watcher)
    this.#timer ??= setInterval(() => this.#look(), interval).unref()
    return this.#changes(watcher, signal)
  }

  async *#changes(watcher: Watcher, signal: AbortSignal | undefined): AsyncGenerator<LibraryChange, void, void> {
    const onAbort = (): void => watcher.wake()
    signal?.addEventListener('abort', onAbort)
    try {
      while (!signal?.aborted && !this.#closed) {
        if (this.#failure !== null) throw this.#failure
        if (watcher.changed.size === 0) {
          await new Promise<void>((resolve) => (watcher.wake = resolve))
          continue
        }
        const changed = [...watcher.changed]
        watcher.changed.clear()
        yield { changed }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) this.#rest()
    }
  }

  #look(): void {
    try {
      const mark = this.repository.mark()
      this.#failure = null
      if (mark === this.#mark) return
      this.#mark = mark
      const before = this.#shown
      this.#shown = this.repository.shown()
      for (const [topic, shown] of this.#shown) if (before.get(topic) !== shown) this.#tell(topic)
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    }
    for (const { wake } of this.#watchers) wake()
  }

  #tell(topic: LibraryTopic): void {
    for (const { changed } of this.#watchers) changed.add(topic)
  }

  #rest(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  close(): void {
    this.#closed = true
    this.#rest()
    for (const { wake } of this.#watchers) wake()
  }
}
