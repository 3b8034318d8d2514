import type { LibraryChange, LibraryTopic } from '../../shared/library'
import type { ChangeRepository } from '../store/store'

/** How often the database is asked whether anything was written, in milliseconds; that reads a number in shared memory. */
const interval = 1000

interface Watcher {
  readonly changed: Set<LibraryTopic>
  wake: () => void
}

/**
 * Tells pages what changed in the library, whoever changed it: this engine for another page, or another process. The database is looked at only while
 * somebody watches, and what it holds only where something was written since the last look.
 */
export class LibraryChanges {
  readonly #watchers = new Set<Watcher>()
  #timer: NodeJS.Timeout | null = null
  #mark = ''
  #shown: ReadonlyMap<LibraryTopic, string> = new Map()
  #failure: Error | null = null
  #closed = false

  constructor(private readonly repository: ChangeRepository) {}

  /** Whatever changes from this call on; it ends with the engine. Throws where the database cannot be read any more. */
  watch(signal?: AbortSignal): AsyncGenerator<LibraryChange, void, void> {
    // What was changed before is nothing new to this watcher, but may be to others.
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
