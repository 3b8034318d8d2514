import { useMutation } from '@tanstack/vue-query'
import { computed, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'

type Work<Result> = (signal: AbortSignal) => Promise<Result>

interface LatestWork {
  readonly working: Ref<boolean>
  /** Why the latest work failed; forgotten when other work begins, and when it is stopped. */
  readonly failure: ComputedRef<ErrorShape | null>
  /** Begins work and withdraws what is under way. Null where it failed or was withdrawn itself. */
  begin<Result>(work: Work<Result>): Promise<Result | null>
  /** Withdraws what is under way; whatever it reports after that is not a failure. */
  stop(): void
}

/** What is sent or asked step by step, of which only the latest counts: forms and the import. A single question is a query (queries.ts). */
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
      // `failure` says why, unless it was withdrawn.
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
