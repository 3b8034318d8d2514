import { useMutation } from '@tanstack/vue-query'
import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'

interface Submission {
  readonly working: Ref<boolean>
  /** Why the last try failed; forgotten when the dialog opens or closes. */
  readonly failure: ComputedRef<ErrorShape | null>
  submit(): Promise<void>
}

/**
 * What every form in a dialog does: submits once, closes when that has worked, shows the reason in place where it has not. Closing the
 * dialog aborts what is under way; what it still says is no failure then.
 * @param closes whether the dialog closes by itself; else it shows what came of it
 */
export function useSubmission(
  open: Ref<boolean>,
  action: (signal: AbortSignal) => Promise<unknown>,
  { closes = true } = {},
): Submission {
  let running = new AbortController()
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: (signal: AbortSignal) => {
      signal.throwIfAborted()
      return action(signal)
    },
  })
  watch(open, () => {
    running.abort()
    reset()
  })

  async function submit(): Promise<void> {
    running.abort()
    const { signal } = (running = new AbortController())
    // A failure is in `error`, unless it came of closing the dialog.
    const worked = await mutateAsync(signal).then(
      () => true,
      () => false,
    )
    if (worked && closes && !signal.aborted) open.value = false
  }
  return { working: isPending, failure: computed(() => error.value && asFailure(error.value)), submit }
}
