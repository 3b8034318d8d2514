import { useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import type { Gpu } from '../shared/devices'
import { engine } from './queries'

/** In milliseconds. The next question waits for the answer of the one before, however slow the driver. */
const interval = 2000

/**
 * What the GPUs do, looked up every two seconds while `active` holds and the window can be seen; nothing is asked otherwise.
 * An answer that fails leaves the last one: whoever shows it has better places for failures.
 */
export function useGpus(active: () => boolean): ComputedRef<readonly Gpu[]> {
  const { data } = useQuery(() =>
    engine.system.gpus.queryOptions({ enabled: active(), refetchInterval: interval, staleTime: interval }),
  )
  return computed(() => data.value ?? [])
}
