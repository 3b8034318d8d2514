import { defineStore } from 'pinia'
import { watch } from 'vue'
import type { ErrorShape } from '../shared/errors'
import type { LibraryTopic } from '../shared/library'
import { client, connections } from './rpc'
import { hearStream } from './stream'

interface Listener {
  readonly topics: readonly LibraryTopic[]
  readonly hear: () => void
}

/** Hears from the engine what anybody has changed in the library: this page, another one, or another program. */
export const useLibraryChanges = defineStore('library-changes', () => {
  const listeners = new Set<Listener>()

  /** @returns ends the listening */
  function on(topics: readonly LibraryTopic[], hear: () => void): () => void {
    const listener = { topics, hear }
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Listens for as long as the app runs, anew with each connection. @param failed is told where the library cannot be read any more */
  function start(failed: (failure: ErrorShape) => void): void {
    const tell = ({ changed }: { changed: readonly LibraryTopic[] }): void => {
      for (const { topics, hear } of listeners)
        if (topics.some((topic) => changed.includes(topic))) queueMicrotask(hear)
    }
    watch(connections, () => void hearStream(() => client.library.changes(), tell, failed), { immediate: true })
  }

  return { on, start }
})
