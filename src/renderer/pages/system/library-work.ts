import { onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import type { ErrorShape } from '../../../shared/errors'
import type { JobProgress } from '../../../shared/jobs'
import type { LibraryStep } from '../../../shared/library'
import { asFailure } from '../../failure'

type WorkEvent<Result> = { type: 'step'; step: LibraryStep } | { type: 'done'; result: Result }

interface LibraryWork {
  /** What is being done, as a word for its button; null: nothing. */
  readonly working: Ref<string | null>
  readonly progress: Ref<JobProgress | null>
  readonly failure: Ref<ErrorShape | null>
  /** Follows one piece of work to its result; null where it failed or was ended. Leaving the page ends it. */
  follow<Result>(
    what: string,
    begin: (options: { signal: AbortSignal }) => Promise<AsyncIterable<WorkEvent<Result>>>,
  ): Promise<Result | null>
  stop(): void
}

/** Checking, backing up and restoring: one at a time, each with its steps. */
export function useLibraryWork(): LibraryWork {
  const working = ref<string | null>(null)
  const progress = shallowRef<JobProgress | null>(null)
  const failure = shallowRef<ErrorShape | null>(null)
  let running = new AbortController()
  const stop = (): void => running.abort()
  onScopeDispose(stop)

  return {
    working,
    progress,
    failure,
    stop,
    async follow(what, begin) {
      const { signal } = (running = new AbortController())
      working.value = what
      progress.value = null
      failure.value = null
      try {
        for await (const event of await begin({ signal })) {
          if (event.type === 'done') return event.result
          progress.value = { ...event.step, unit: '', secondsLeft: null }
        }
      } catch (error) {
        if (!signal.aborted) failure.value = asFailure(error)
      } finally {
        working.value = null
      }
      return null
    },
  }
}
