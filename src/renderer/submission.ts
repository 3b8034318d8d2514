import { useMutation } from '@tanstack/vue-query'
import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'

interface Submission<Wanted extends unknown[]> {
  readonly working: Ref<boolean>
  /** Why the last try failed; forgotten when the dialog opens or closes. */
  readonly failure: ComputedRef<ErrorShape | null>
  submit(...wanted: Wanted): Promise<void>
}

/**
 * What every form in a dialog does: submits once, closes if that worked, and otherwise shows the reason in place. Closing the
 * dialog aborts what is under way; whatever it reports after that is not a failure.
 * @param action what is done with the values that the form was sent with
 * @param closes whether the dialog closes by itself; otherwise it shows the result
 */
export function useSubmission<Wanted extends unknown[] = []>(
  open: Ref<boolean>,
  action: (signal: AbortSignal, ...wanted: Wanted) => Promise<unknown>,
  { closes = true } = {},
): Submission<Wanted> {
  let running = new AbortController()
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: ({ signal, wanted }: { signal: AbortSignal; wanted: Wanted }) => {
      signal.throwIfAborted()
      return action(signal, ...wanted)
    },
  })
  watch(open, () => {
    running.abort()
    reset()
  })

  async function submit(...wanted: Wanted): Promise<void> {
    running.abort()
    const { signal } = (running = new AbortController())
    // A failure is in `error`, unless it came of closing the dialog.
    const worked = await mutateAsync({ signal, wanted }).then(
      () => true,
      () => false,
    )
    if (worked && closes && !signal.aborted) open.value = false
  }
  return { working: isPending, failure: computed(() => error.value && asFailure(error.value)), submit }
}
