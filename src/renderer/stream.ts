import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'
import { connection, connections } from './rpc'

/** Tells of an error, unless it is that the connection is lost: the banner says that, and whoever needs it begins anew with the next one. */
export function tellUnlessLost(error: unknown, failed: (failure: ErrorShape) => void): void {
  if (connection.value === 'open') failed(asFailure(error))
}

/**
 * Hears a stream of the engine to its end. Where its connection broke it ends quietly: the banner says so, and whoever listens begins anew with
 * the next connection (`connections`). Any other end by an error is a failure that people are told of.
 * @param signal ends the listening
 */
export async function hearStream<Event>(
  open: () => Promise<AsyncIterable<Event>>,
  hear: (event: Event) => unknown,
  failed: (failure: ErrorShape) => void,
  signal?: AbortSignal,
): Promise<void> {
  const begunWith = connections.value
  const isWanted = (): boolean => !signal?.aborted && begunWith === connections.value
  try {
    for await (const event of await open()) {
      if (!isWanted()) return
      await hear(event)
    }
  } catch (error) {
    if (isWanted()) tellUnlessLost(error, failed)
  }
}

/** A stream that a page listens to while it is there; `failure` says why it broke. */
export interface HeardStream {
  readonly failure: ShallowRef<ErrorShape | null>
  /** Begins anew. */
  again(): void
}

/** Listens to the stream of a source for as long as the component lives: anew when the source changes, and after a lost connection. */
export function useStream<Source, Event>(
  source: () => Source,
  open: (source: Source, signal: AbortSignal) => Promise<AsyncIterable<Event>>,
  hear: (event: Event) => unknown,
): HeardStream {
  const failure = shallowRef<ErrorShape | null>(null)
  let listening = new AbortController()
  const again = (): void => {
    listening.abort()
    const { signal } = (listening = new AbortController())
    failure.value = null
    void hearStream(
      () => open(source(), signal),
      hear,
      (why) => (failure.value = why),
      signal,
    )
  }
  watch([source, connections], again, { immediate: true })
  onScopeDispose(() => listening.abort())
  return { failure, again }
}
