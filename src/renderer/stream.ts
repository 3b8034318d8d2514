import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'
import { connection, connections } from './rpc'

/** Reports an error unless the connection is lost: then the banner shows it, and streams restart with the next connection. */
export function tellUnlessLost(error: unknown, failed: (failure: ErrorShape) => void): void {
  if (connection.value === 'open') failed(asFailure(error))
}

/**
 * Reads a stream of the engine to its end. If the connection is lost it ends silently: the banner shows that, and the caller restarts with the next
 * connection (`connections`). Any other error is reported.
 *
 * oRPC's adapter has streamed and live queries, but they are experimental and keep the last event or all of them as an answer. Here
 * each event is handled once; a lost connection is not an error, and neither is a stream that ends without an event.
 * @param signal stops reading
 */
export async function followStream<Event>(
  open: () => Promise<AsyncIterable<Event>>,
  onEvent: (event: Event) => unknown,
  failed: (failure: ErrorShape) => void,
  signal?: AbortSignal,
): Promise<void> {
  const begunWith = connections.value
  const isWanted = (): boolean => !signal?.aborted && begunWith === connections.value
  try {
    for await (const event of await open()) {
      if (!isWanted()) return
      await onEvent(event)
    }
  } catch (error) {
    if (isWanted()) tellUnlessLost(error, failed)
  }
}

/** The state of a stream that a page follows; `failure` says why it ended. */
export interface StreamState {
  readonly failure: ShallowRef<ErrorShape | null>
  /** Restarts the stream. */
  again(): void
}

/** Follows the stream of a source while the component is mounted; restarts when the source changes and after a lost connection. */
export function useStream<Source, Event>(
  source: () => Source,
  open: (source: Source, signal: AbortSignal) => Promise<AsyncIterable<Event>>,
  onEvent: (event: Event) => unknown,
): StreamState {
  const failure = shallowRef<ErrorShape | null>(null)
  let listening = new AbortController()
  const again = (): void => {
    listening.abort()
    const { signal } = (listening = new AbortController())
    failure.value = null
    void followStream(
      () => open(source(), signal),
      onEvent,
      (why) => (failure.value = why),
      signal,
    )
  }
  watch([source, connections], again, { immediate: true })
  onScopeDispose(() => listening.abort())
  return { failure, again }
}
