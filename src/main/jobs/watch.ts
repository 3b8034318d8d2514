import type { JobEvent } from '../../shared/jobs'
import { isLast, type LiveJob } from './live-job'

/**
 * One watcher's view of a job: its present state, then every event as it comes, up to the last one. A watcher that reads slowly
 * loses superseded progress, never epochs or the end, so that what waits for it stays small.
 */
export async function* watchLive(job: LiveJob, signal: AbortSignal | undefined): AsyncGenerator<JobEvent, void, void> {
  const inbox = job.replay()
  let wake = (): void => undefined
  const unsubscribe = job.subscribe((event) => {
    if (event.type === 'progress' && inbox.at(-1)?.type === 'progress') inbox.pop()
    inbox.push(event)
    wake()
  })
  const onAbort = (): void => wake()
  signal?.addEventListener('abort', onAbort)
  try {
    while (!signal?.aborted) {
      const event = inbox.shift()
      if (event) {
        yield event
        if (isLast(event)) return
      } else {
        await new Promise<void>((resolve) => (wake = resolve))
      }
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', onAbort)
  }
}
