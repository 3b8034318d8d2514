import { defineStore } from 'pinia'
import { watch } from 'vue'
import type { ErrorShape } from '../shared/errors'
import type { LibraryTopic } from '../shared/library'
import { asFailure } from './failure'
import { client, connection as state, connections } from './rpc'

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

  async function listen(connection: number, failed: (failure: ErrorShape) => void): Promise<void> {
    try {
      for await (const { changed } of await client.library.changes()) {
        if (connection !== connections.value) return
        for (const { topics, hear } of listeners)
          if (topics.some((topic) => changed.includes(topic))) queueMicrotask(hear)
      }
    } catch (error) {
      // A stream that broke with its connection begins anew with the next one; the banner says so meanwhile.
      if (connection === connections.value && state.value === 'open') failed(asFailure(error))
    }
  }

  /** Listens for as long as the app runs, anew with each connection. @param failed is told where the library cannot be read any more */
  function start(failed: (failure: ErrorShape) => void): void {
    watch(connections, (connection) => void listen(connection, failed), { immediate: true })
  }

  return { on, start }
})
