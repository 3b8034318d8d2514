import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { ErrorShape } from '../../../shared/errors'
import type { ForecastRequest, ImportForecast } from '../../../shared/import-forecast'
import { asFailure } from '../../failure'
import { client } from '../../rpc'

interface Forecasting {
  readonly forecast: ShallowRef<ImportForecast | null>
  readonly failure: ShallowRef<ErrorShape | null>
  readonly looking: Ref<boolean>
  /** Asks (again). */
  ask(): Promise<void>
  /** Withdraws the question; the import can start without its answer. */
  stop(): void
}

/** What an import would make of its files: asked whenever the request changes, withdrawn when it changes again or the page is left. */
export function useForecast(request: () => ForecastRequest | null): Forecasting {
  const forecast = shallowRef<ImportForecast | null>(null)
  const failure = shallowRef<ErrorShape | null>(null)
  const looking = ref(false)
  let asking: AbortController | null = null

  function stop(): void {
    asking?.abort()
    asking = null
    looking.value = false
  }

  async function ask(): Promise<void> {
    stop()
    forecast.value = null
    failure.value = null
    const wanted = request()
    if (!wanted) return
    const controller = new AbortController()
    asking = controller
    looking.value = true
    try {
      const found = await client.datasets.forecast(wanted, { signal: controller.signal })
      if (asking === controller) forecast.value = found
    } catch (error) {
      if (asking === controller) failure.value = asFailure(error)
    } finally {
      if (asking === controller) looking.value = false
    }
  }

  watch(() => JSON.stringify(request()), ask, { immediate: true })
  onScopeDispose(stop)
  return { forecast, failure, looking, ask, stop }
}
