import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { DatasetDetail } from '../../../../shared/datasets'
import type { ErrorShape } from '../../../../shared/errors'
import type { Sorting } from '../../../components/table'
import { asFailure } from '../../../failure'
import { connections } from '../../../rpc'
import { addressOf, browsedOf, type Browsed, type Order } from './address'

export const rowsPerPage = 100

/** The part of a request that all pages of data have. */
export interface PageRequest {
  readonly id: DatasetDetail['id']
  readonly offset: number
  readonly limit: number
}

interface Found<Row> {
  readonly total: number
  /** Rows that can be paged through, where these are not all. */
  readonly reachable?: number
  readonly rows: Row[]
}

export interface Browsing<By extends string, Row> {
  readonly browsed: ComputedRef<Browsed<By>>
  readonly sorting: ComputedRef<Sorting>
  readonly found: ShallowRef<Found<Row> | null>
  readonly failure: ShallowRef<ErrorShape | null>
  readonly loading: Ref<boolean>
  reload(): Promise<void>
  /** Shows something else, from its first page unless that is named. */
  show(changed: Partial<Browsed<By>>): void
}

/**
 * One page of a data set's rows, as the address asks for it. The rows before stay until others have come; who goes on while the engine still looks
 * withdraws the question.
 */
export function useBrowsing<By extends string, Row>(
  dataset: () => DatasetDetail,
  { orders, first }: { readonly orders: readonly By[]; readonly first: Order<By> },
  ask: (browsed: Browsed<By>, page: PageRequest, signal: AbortSignal) => Promise<Found<Row>>,
): Browsing<By, Row> {
  const route = useRoute()
  const router = useRouter()
  const browsed = computed(() => browsedOf(route.query, orders, first))
  const found = shallowRef<Found<Row> | null>(null)
  const failure = shallowRef<ErrorShape | null>(null)
  const loading = ref(false)
  let asked = new AbortController()

  async function reload(): Promise<void> {
    asked.abort()
    const { signal } = (asked = new AbortController())
    loading.value = true
    const now = browsed.value
    try {
      const page = { id: dataset().id, offset: (now.page - 1) * rowsPerPage, limit: rowsPerPage }
      const rows = await ask(now, page, signal)
      if (signal.aborted) return
      found.value = rows
      failure.value = null
    } catch (error) {
      if (signal.aborted) return
      failure.value = asFailure(error)
      found.value = null
    }
    loading.value = false
  }
  // The same page of another data set is another page. Titles may change under it.
  watch([() => JSON.stringify([dataset().id, browsed.value]), dataset, connections], () => void reload(), {
    immediate: true,
  })
  onScopeDispose(() => asked.abort())

  return {
    browsed,
    sorting: computed(() => ({ key: browsed.value.by, direction: browsed.value.direction })),
    found,
    failure,
    loading,
    reload,
    show: (changed) => void router.replace({ query: addressOf({ ...browsed.value, page: 1, ...changed }, first) }),
  }
}
