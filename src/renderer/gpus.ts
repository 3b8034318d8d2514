import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { Gpu } from '../shared/devices'
import { client } from './rpc'

const interval = 2000

/**
 * What the GPUs do, looked up every two seconds while `active` holds and the window can be seen; nothing is asked otherwise.
 * An answer that fails leaves the last one: whoever shows it has better places for failures.
 */
export function useGpus(active: () => boolean): ShallowRef<readonly Gpu[]> {
  const gpus = shallowRef<readonly Gpu[]>([])
  let timer: ReturnType<typeof setTimeout> | null = null
  let over = false

  const stop = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  async function look(): Promise<void> {
    if (document.visibilityState === 'visible') {
      try {
        gpus.value = await client.system.gpus()
      } catch {
        // The connection's own banner says so.
      }
    }
    // One question at a time, however slow the driver.
    if (!over && active()) timer = setTimeout(() => void look(), interval)
  }
  watch(
    active,
    (now) => {
      stop()
      if (now) void look()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    over = true
    stop()
  })
  return gpus
}
