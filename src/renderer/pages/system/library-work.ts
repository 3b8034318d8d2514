import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../../../shared/errors'
import type { JobProgress } from '../../../shared/jobs'
import type { LibraryStep } from '../../../shared/library'
import { useLatestWork } from '../../latest-work'

type WorkEvent<Result> = { type: 'step'; step: LibraryStep } | { type: 'done'; result: Result }

interface LibraryWork {
  /** The current work, as a word for its button; null: none. */
  readonly working: ComputedRef<string | null>
  readonly progress: Ref<JobProgress | null>
  readonly failure: ComputedRef<ErrorShape | null>
  /** Follows one piece of work to its result; null if it failed or was stopped. Leaving the page stops it. */
  follow<Result>(
    what: string,
    begin: (options: { signal: AbortSignal }) => Promise<AsyncIterable<WorkEvent<Result>>>,
  ): Promise<Result | null>
  stop(): void
}

/** Checking, backing up and restoring: one at a time, each with its steps. */
export function useLibraryWork(): LibraryWork {
  const { working, failure, begin: beginWork, stop } = useLatestWork()
  const word = ref('')
  const progress = shallowRef<JobProgress | null>(null)
  onScopeDispose(stop)

  return {
    working: computed(() => (working.value ? word.value : null)),
    progress,
    failure,
    stop,
    follow(what, begin) {
      word.value = what
      progress.value = null
      return beginWork(async (signal) => {
        for await (const event of await begin({ signal })) {
          if (event.type === 'done') return event.result
          progress.value = { ...event.step, unit: '', secondsLeft: null }
        }
        return null
      })
    },
  }
}
