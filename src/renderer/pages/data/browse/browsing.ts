import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { DatasetDetail } from '../../../../shared/datasets'
import type { ErrorShape } from '../../../../shared/errors'
import type { Sorting } from '../../../../shared/sorting'
import { asFailure } from '../../../failure'
import type { Question } from '../../../queries'
import { addressOf, browsedOf, type Browsed, type Order } from './address'

export const rowsPerPage = 100

/** The fields that the requests of all browsing pages have. */
export interface PageRequest {
  readonly id: DatasetDetail['id']
  readonly offset: number
  readonly limit: number
}

interface Found<Row> {
  readonly total: number
  /** Rows that can be paged through, if these are not all. */
  readonly reachable?: number
  readonly rows: Row[]
}

export interface Browsing<By extends string, Row> {
  readonly browsed: ComputedRef<Browsed<By>>
  readonly sorting: ComputedRef<Sorting>
  readonly found: ComputedRef<Found<Row> | null>
  readonly failure: ComputedRef<ErrorShape | null>
  readonly loading: Ref<boolean>
  reload(): Promise<unknown>
  /** Shows something else, from its first page unless a page is given. */
  show(changed: Partial<Browsed<By>>): void
}

/**
 * One page of a data set's rows, as its address says. The old rows stay until the new ones have arrived; going on to another page cancels the
 * question. A change of the data set loads the page again, because titles may change.
 */
export function useBrowsing<By extends string, Row>(
  dataset: () => DatasetDetail,
  { orders, first }: { readonly orders: readonly By[]; readonly first: Order<By> },
  ask: (browsed: Browsed<By>, page: PageRequest) => Question<Found<Row>>,
): Browsing<By, Row> {
  const route = useRoute()
  const router = useRouter()
  const browsed = computed(() => browsedOf(route.query, orders, first))
  const { data, error, isFetching, refetch } = useQuery(() => ({
    ...ask(browsed.value, {
      id: dataset().id,
      offset: (browsed.value.page - 1) * rowsPerPage,
      limit: rowsPerPage,
    }),
    placeholderData: keepPreviousData<Found<Row>>,
  }))

  return {
    browsed,
    sorting: computed(() => ({ key: browsed.value.by, direction: browsed.value.direction })),
    found: computed(() => (error.value ? null : (data.value ?? null))),
    failure: computed(() => error.value && asFailure(error.value)),
    loading: isFetching,
    reload: refetch,
    show: (changed) => void router.replace({ query: addressOf({ ...browsed.value, page: 1, ...changed }, first) }),
  }
}
