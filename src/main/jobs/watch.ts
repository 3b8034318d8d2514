import type { JobEvent } from '../../shared/jobs'
import { isLast, type LiveJob } from './live-job'

/**
 * The events of a job for one watcher: its current state, then every event up to the last. A slow watcher misses outdated progress, but never epochs
 * or the end, so its buffer stays small.
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
        if (isLast(event) || (job.left && inbox.length === 0)) return
      } else {
        await new Promise<void>((resolve) => (wake = resolve))
      }
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', onAbort)
  }
}
