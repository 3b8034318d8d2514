import { skipToken, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type ComputedRef, type Ref } from 'vue'
import type { ErrorShape } from '../../../shared/errors'
import type { ForecastRequest, ImportForecast } from '../../../shared/import-forecast'
import { asFailure } from '../../failure'
import { engine } from '../../queries'

interface Forecasting {
  readonly forecast: ComputedRef<ImportForecast | null>
  readonly failure: ComputedRef<ErrorShape | null>
  readonly looking: Ref<boolean>
  /** Asks (again). */
  ask(): Promise<unknown>
  /** Cancels the question: the import can start without its answer. */
  stop(): Promise<void>
}

/** The probable result of an import: requested again whenever the request changes, cancelled when it changes again or the page is left. */
export function useForecast(request: () => ForecastRequest | null): Forecasting {
  const queries = useQueryClient()
  // Uploaded files do not change, so the same request has the same answer.
  const question = computed(() =>
    engine.datasets.forecast.queryOptions({ input: request() ?? skipToken, staleTime: Infinity }),
  )
  const { data, error, isFetching, refetch } = useQuery(question)
  return {
    forecast: computed(() => data.value ?? null),
    failure: computed(() => error.value && asFailure(error.value)),
    looking: isFetching,
    ask: refetch,
    stop: () => queries.cancelQueries({ queryKey: question.value.queryKey }),
  }
}
