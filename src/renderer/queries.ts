import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import {
  partialMatchKey,
  QueryClient,
  useQuery,
  useQueryClient,
  type Query,
  type QueryFunction,
  type QueryKey,
} from '@tanstack/vue-query'
import { computed, watch, type ComputedRef } from 'vue'
import type { ErrorShape } from '../shared/errors'
import type { LibraryTopic } from '../shared/library'
import { asFailure } from './failure'
import { client, connections } from './rpc'

/** Every question to the engine as options of a query, under a key made of its path and input. */
export const engine = createTanstackQueryUtils(client)

/** The part of a question that `useQuery` needs. */
export interface Question<Answer> {
  readonly queryKey: QueryKey
  readonly queryFn: QueryFunction<Answer>
  readonly enabled?: boolean
}

/** The answers that pages share. All visible ones are asked for again after a lost connection. */
export function createQueryClient(): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        // The engine is on this machine or its own host, so the browser’s online state is no guide to whether it can be reached.
        networkMode: 'always',
        refetchOnReconnect: false,
        // Pages get changes from a stream (library-changes.ts).
        refetchOnWindowFocus: false,
        // A failure is shown at once, with its cause; the reader decides whether to try again.
        retry: false,
        shallow: true,
      },
      mutations: { networkMode: 'always' },
    },
  })
  // A question that is still open waits for this new connection: the questions of the old one have failed.
  watch(connections, () => void queries.invalidateQueries({}, { cancelRefetch: false }))
  return queries
}

/** The questions whose answers a topic of the library changes. */
function questionsAbout(topic: LibraryTopic): QueryKey[] {
  switch (topic) {
    case 'datasets':
      return [engine.datasets.list.key(), engine.datasets.get.key(), engine.browse.key(), engine.explore.key()]
    case 'runs':
      return [
        engine.runs.list.key(),
        engine.runs.get.key(),
        engine.runs.curve.key(),
        engine.runs.compare.key(),
        engine.runs.removed.key(),
        engine.datasets.get.key(),
        engine.experiments.tables.key(),
      ]
    case 'experiments':
      return [engine.experiments.list.key(), engine.experiments.get.key()]
    case 'maps':
      return [engine.maps.key()]
    case 'exports':
      return [engine.exports.list.key()]
    case 'preparations':
      return [engine.preparations.list.key()]
    case 'templates':
      return [engine.templates.list.key()]
    case 'views':
      return [engine.runs.views.key(), engine.runs.comparisons.key()]
    case 'jobs':
      // Jobs are followed by their own streams (jobs.store.ts).
      return []
  }
}

/** Fetches everything on these topics again; resolves when the screen is up to date. */
export type Refresh = (...topics: LibraryTopic[]) => Promise<void>

export function useRefresh(): Refresh {
  const queries = useQueryClient()
  return async (...topics) => {
    const keys = topics.flatMap(questionsAbout)
    const stale = { predicate: ({ queryKey }: Query) => keys.some((key) => partialMatchKey(queryKey, key)) }
    // An answer that is still on its way may be older than the change.
    await queries.cancelQueries(stale)
    await queries.invalidateQueries(stale)
  }
}

interface ListQuery<T> {
  readonly list: ComputedRef<readonly T[]>
  readonly failure: ComputedRef<ErrorShape | null>
  /** Whether a first answer has come, to distinguish “empty” from “not yet known”. */
  readonly known: ComputedRef<boolean>
  reload(): Promise<unknown>
}

const none: readonly never[] = []

/** What the stores of data sets, runs, experiments, exports and templates share: one list of the library. */
export function useList<T>(question: Question<T[]>): ListQuery<T> {
  const { data, error, refetch } = useQuery(question)
  return {
    list: computed(() => data.value ?? none),
    failure: computed(() => (error.value ? asFailure(error.value) : null)),
    known: computed(() => data.value !== undefined),
    reload: refetch,
  }
}
