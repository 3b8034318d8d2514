import { useMutation } from '@tanstack/vue-query'
import { computed, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'

type Work<Result> = (signal: AbortSignal) => Promise<Result>

interface LatestWork {
  readonly working: Ref<boolean>
  /** Why the latest work failed; null again when other work begins or the work is stopped. */
  readonly failure: ComputedRef<ErrorShape | null>
  /** Cancels the work under way and begins other work. The result is null if this fails or is cancelled. */
  begin<Result>(work: Work<Result>): Promise<Result | null>
  /** Cancels the work under way; an error that it reports later is ignored. */
  stop(): void
}

/** Requests of forms and of the import, of which only the latest counts. A single question is a query (queries.ts). */
export function useLatestWork(): LatestWork {
  let latest = new AbortController()
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: ({ work, signal }: { work: Work<unknown>; signal: AbortSignal }) => {
      signal.throwIfAborted()
      return work(signal)
    },
  })

  async function begin<Result>(work: Work<Result>): Promise<Result | null> {
    latest.abort()
    const { signal } = (latest = new AbortController())
    let result: Result | null = null
    try {
      await mutateAsync({ work: async () => (result = await work(signal)), signal })
    } catch {
      // `failure` has the reason, unless the work was cancelled.
      return null
    }
    return signal.aborted ? null : result
  }

  function stop(): void {
    latest.abort()
    reset()
  }
  return { working: isPending, failure: computed(() => error.value && asFailure(error.value)), begin, stop }
}
