import { ref, shallowRef, watch, type Ref } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'

interface Submission {
  readonly working: Ref<boolean>
  /** Why the last try failed; forgotten when the dialog opens or closes. */
  readonly failure: Ref<ErrorShape | null>
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
  const working = ref(false)
  const failure = shallowRef<ErrorShape | null>(null)
  let running = new AbortController()
  watch(open, () => {
    running.abort()
    working.value = false
    failure.value = null
  })

  async function submit(): Promise<void> {
    running.abort()
    const { signal } = (running = new AbortController())
    working.value = true
    failure.value = null
    try {
      await action(signal)
      if (closes && !signal.aborted) open.value = false
    } catch (error) {
      if (!signal.aborted) failure.value = asFailure(error)
    } finally {
      if (!signal.aborted) working.value = false
    }
  }
  return { working, failure, submit }
}
