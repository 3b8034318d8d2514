import { useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import type { Gpu } from '../shared/devices'
import { engine } from './queries'

/** In milliseconds. The next question waits for the answer to the one before, however slow the driver is. */
const interval = 2000

/**
 * The state of the GPUs, queried every two seconds while `active` is true and the window is visible.
 * If a query fails, the last answer stays; failures are shown elsewhere.
 */
export function useGpus(active: () => boolean): ComputedRef<readonly Gpu[]> {
  const { data } = useQuery(() =>
    engine.system.gpus.queryOptions({ enabled: active(), refetchInterval: interval, staleTime: interval }),
  )
  return computed(() => data.value ?? [])
}
