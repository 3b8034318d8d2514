import { skipToken, useQuery } from '@tanstack/vue-query'
import { watchDebounced } from '@vueuse/core'
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { z } from 'zod'
import type { ErrorShape } from '../../../shared/errors'
import type { memoryNeed, TrainRequest } from '../../../shared/runs'
import type { TimeEstimate } from '../../../shared/time-estimate'
import { asFailure } from '../../failure'
import { engine } from '../../queries'

/** Preparing more interactions takes so long that the time is estimated only when asked for. */
const measuredAtOnce = 2_000_000

/** The part of a request that time and memory depend on, so that a name, a tag or a seed does not have them estimated again. */
export const needsOf = ({ dataset, model, preset, overrides, preparation, split }: TrainRequest): TrainRequest => ({
  ...{ dataset, model, preset, overrides, seed: 1, preparation, split },
  ...{ name: null, members: null },
})

interface RunNeeds {
  readonly memory: ComputedRef<z.infer<typeof memoryNeed> | null>
  readonly fits: ComputedRef<boolean>
  readonly time: ComputedRef<TimeEstimate | null>
  readonly measuring: Ref<boolean>
  /** Why the time could not be estimated. */
  readonly failure: ComputedRef<ErrorShape | null>
  /** Whether the time is estimated only when `measure` is called. */
  readonly waits: ComputedRef<boolean>
  measure(): void
}

/**
 * Estimates of a run before it starts. The time is measured once the request has not changed for a moment, and for large data only on demand.
 * @param request null while there is none
 */
export function useRunNeeds(request: () => TrainRequest | null, interactions: () => number): RunNeeds {
  const asked = computed(() => {
    const now = request()
    return now && needsOf(now)
  })
  const { data: memory } = useQuery(() => engine.runs.estimate.queryOptions({ input: asked.value ?? skipToken }))
  const fits = computed(() => !memory.value?.peak || memory.value.peak <= memory.value.usable)

  const key = computed(() => JSON.stringify(asked.value))
  const wanted = ref('')
  watchDebounced(
    key,
    (now) => {
      if (interactions() <= measuredAtOnce) wanted.value = now
    },
    { debounce: 1500, immediate: true },
  )
  const isAsked = computed(() => fits.value && memory.value !== undefined && wanted.value === key.value)
  const { data, error, isFetching, refetch } = useQuery(() =>
    // It holds as long as the window is open: the machine stays the same.
    engine.runs.estimateTime.queryOptions({
      input: isAsked.value && asked.value ? asked.value : skipToken,
      staleTime: Infinity,
    }),
  )
  return {
    memory: computed(() => memory.value ?? null),
    fits,
    time: computed(() => data.value ?? null),
    measuring: isFetching,
    failure: computed(() => (error.value && !isFetching.value ? asFailure(error.value) : null)),
    waits: computed(
      () => asked.value !== null && fits.value && interactions() > measuredAtOnce && wanted.value !== key.value,
    ),
    measure() {
      if (wanted.value === key.value) void refetch()
      else wanted.value = key.value
    },
  }
}
