import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { ErrorShape } from '../shared/errors'
import { asFailure } from './failure'
import { connections } from './rpc'

export interface Loaded<T> {
  readonly data: ShallowRef<T | null>
  readonly failure: ShallowRef<ErrorShape | null>
  readonly loading: Ref<boolean>
  reload(): Promise<void>
}

/**
 * Something read from the engine: loaded when its source changes and again after a lost connection.
 * The latest request wins, whatever order the answers come in; the old value stays visible meanwhile.
 */
export function useLoaded<Source, T>(source: () => Source, load: (source: Source) => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const failure = shallowRef<ErrorShape | null>(null)
  const loading = ref(true)
  let latest = 0

  const reload = async (): Promise<void> => {
    const mine = ++latest
    loading.value = true
    try {
      const value = await load(source())
      if (mine !== latest) return
      data.value = value
      failure.value = null
    } catch (error) {
      if (mine !== latest) return
      failure.value = asFailure(error)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  watch(source, () => {
    data.value = null
    void reload()
  })
  watch(connections, () => void reload())
  onScopeDispose(() => latest++)
  void reload()
  return { data, failure, loading, reload }
}
