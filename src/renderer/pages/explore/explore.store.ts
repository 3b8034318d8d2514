import { keepPreviousData, skipToken, useQuery } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Explanations, ItemRef, Recommendations, Who } from '../../../shared/explore'
import type { RunId } from '../../../shared/ids'
import { asFailure } from '../../failure'
import { engine } from '../../queries'

/** The run, the user or history whose list is shown, and the item that is explained. Kept while other pages are open. */
export const useExplore = defineStore('explore', () => {
  const run = shallowRef<RunId | null>(null)
  const mode = ref<'user' | 'history'>('user')
  const user = ref<string | null>(null)
  const typed = shallowRef<readonly ItemRef[]>([])
  const k = ref(20)

  /** Whether the page is open: requests are sent only then. */
  const shown = ref(false)
  /** A run's answer for a user changes only if the details of the data set's items are imported again. */
  const asked = (isComplete: boolean) => ({ enabled: shown.value && isComplete, staleTime: Infinity })

  const who = computed<Who | null>(() => {
    if (mode.value === 'user') return user.value === null ? null : { kind: 'user', user: user.value }
    return typed.value.length === 0 ? null : { kind: 'history', items: typed.value.map(({ id }) => id) }
  })

  const listed = computed(() => run.value !== null && who.value !== null && { run: run.value, who: who.value })
  const {
    data: list,
    error: listError,
    isFetching: loading,
    isPlaceholderData: isOlder,
    refetch: recommend,
  } = useQuery(() => ({
    ...engine.explore.recommend.queryOptions({ input: listed.value ? { ...listed.value, k: k.value } : skipToken }),
    ...asked(listed.value !== false),
    placeholderData: keepPreviousData<Recommendations>,
  }))
  const result = computed(() => (listed.value ? (list.value ?? null) : null))

  const chosen = ref<string | null>(null)
  /** The item that is explained: the chosen one, or the first of a list without it. */
  const selected = computed(() => {
    const items = result.value?.items ?? []
    return (items.find(({ id }) => id === chosen.value) ?? items[0])?.id ?? null
  })
  const explained = computed(() => listed.value && selected.value !== null && { ...listed.value, item: selected.value })
  const {
    data: found,
    error: explainError,
    isFetching: explaining,
    refetch: explain,
  } = useQuery(() => ({
    ...engine.explore.explain.queryOptions({ input: explained.value || skipToken }),
    ...asked(explained.value !== false && !isOlder.value),
    placeholderData: keepPreviousData<Explanations>,
  }))
  const explanation = computed(() => (explained.value ? (found.value?.explanations[0] ?? null) : null))

  const select = (item: string): void => void (chosen.value = item)

  /** Takes the shown history over as a typed one, to ask “what if”. */
  function editHistory(): void {
    typed.value = result.value?.history ?? []
    mode.value = 'history'
  }

  const addItem = (item: ItemRef): void => {
    if (!typed.value.some(({ id }) => id === item.id)) typed.value = [...typed.value, item]
  }
  const removeItem = (id: string): void => {
    typed.value = typed.value.filter((item) => item.id !== id)
  }

  return {
    run,
    mode,
    user,
    typed,
    k,
    shown,
    result,
    failure: computed(() => listError.value && asFailure(listError.value)),
    loading,
    selected,
    explanation,
    explainFailure: computed(() => explainError.value && asFailure(explainError.value)),
    explaining,
    recommend,
    explain,
    select,
    editHistory,
    addItem,
    removeItem,
  }
})
