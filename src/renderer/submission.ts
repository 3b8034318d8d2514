import { watch, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { useLatestWork } from './latest-work'

interface Submission<Wanted extends unknown[]> {
  readonly working: Ref<boolean>
  /** Why the last attempt failed; null again when the dialog opens or closes. */
  readonly failure: ComputedRef<ErrorShape | null>
  submit(...wanted: Wanted): Promise<void>
}

/**
 * The submission of a form in a dialog: submits once, closes on success, and otherwise shows the reason in the dialog. Closing the
 * dialog aborts the submission; an error that it reports later is ignored.
 * @param action called with the submitted values
 * @param closes whether the dialog closes by itself; otherwise it shows the result
 */
export function useSubmission<Wanted extends unknown[] = []>(
  open: Ref<boolean>,
  action: (signal: AbortSignal, ...wanted: Wanted) => Promise<unknown>,
  { closes = true } = {},
): Submission<Wanted> {
  const { working, failure, begin, stop } = useLatestWork()
  /** A second click may come before the button is shown as busy. */
  let sent = false
  watch(open, () => {
    sent = false
    stop()
  })

  async function submit(...wanted: Wanted): Promise<void> {
    if (sent) return
    sent = true
    const worked = await begin(async (signal) => {
      await action(signal, ...wanted)
      return true
    })
    sent = false
    if (worked && closes) open.value = false
  }
  return { working, failure, submit }
}
