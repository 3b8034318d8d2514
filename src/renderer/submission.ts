import { watch, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { useLatestWork } from './latest-work'

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
  const { working, failure, begin, stop } = useLatestWork()
  watch(open, stop)

  async function submit(...wanted: Wanted): Promise<void> {
    const worked = await begin(async (signal) => {
      await action(signal, ...wanted)
      return true
    })
    if (worked && closes) open.value = false
  }
  return { working, failure, submit }
}
