import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'
import { connections } from './rpc'

export interface ListState<T> {
  readonly list: ShallowRef<readonly T[]>
  readonly failure: ShallowRef<ErrorShape | null>
  /** Whether a first answer has come, so that “empty” can be told from “not yet known”. */
  readonly known: Ref<boolean>
  reload(): Promise<void>
}

/** The part that the stores of data sets, runs and exports share: one list, reloaded on demand and after a lost connection. */
export function listState<T>(load: () => Promise<readonly T[]>): ListState<T> {
  const list = shallowRef<readonly T[]>([])
  const failure = shallowRef<ErrorShape | null>(null)
  const known = ref(false)

  async function reload(): Promise<void> {
    try {
      list.value = await load()
      failure.value = null
      known.value = true
    } catch (error) {
      failure.value = asFailure(error)
    }
  }

  watch(connections, () => void reload(), { immediate: true })
  return { list, failure, known, reload }
}
