import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ErrorShape } from '../../../shared/errors'
import type { Explanation, ItemRef, Recommendations, Who } from '../../../shared/explore'
import type { RunId } from '../../../shared/ids'
import { asFailure } from '../../failure'
import { client } from '../../rpc'

/** Whose list of which run is looked at, and which item of it is explained. Kept while other pages are visited. */
export const useExplore = defineStore('explore', () => {
  const run = shallowRef<RunId | null>(null)
  const mode = ref<'user' | 'history'>('user')
  const user = ref<string | null>(null)
  const typed = shallowRef<readonly ItemRef[]>([])
  const k = ref(20)

  const result = shallowRef<Recommendations | null>(null)
  const failure = shallowRef<ErrorShape | null>(null)
  const loading = ref(false)

  const selected = ref<string | null>(null)
  const explanation = shallowRef<Explanation | null>(null)
  const explainFailure = shallowRef<ErrorShape | null>(null)
  const explaining = ref(false)

  const who = computed<Who | null>(() => {
    if (mode.value === 'user') return user.value === null ? null : { kind: 'user', user: user.value }
    return typed.value.length === 0 ? null : { kind: 'history', items: typed.value.map(({ id }) => id) }
  })

  let latestList = 0
  async function recommend(): Promise<void> {
    const mine = ++latestList
    if (run.value === null || who.value === null) {
      result.value = null
      selected.value = null
      loading.value = false
      return
    }
    loading.value = true
    try {
      const found = await client.explore.recommend({ run: run.value, who: who.value, k: k.value })
      if (mine !== latestList) return
      result.value = found
      failure.value = null
      const still = found.items.some(({ id }) => id === selected.value)
      if (!still) selected.value = found.items[0]?.id ?? null
      await explain()
    } catch (error) {
      if (mine !== latestList) return
      result.value = null
      selected.value = null
      failure.value = asFailure(error)
    } finally {
      if (mine === latestList) loading.value = false
    }
  }

  let latestExplanation = 0
  async function explain(): Promise<void> {
    const mine = ++latestExplanation
    if (run.value === null || who.value === null || selected.value === null) {
      explanation.value = null
      return
    }
    explaining.value = true
    try {
      const { explanations } = await client.explore.explain({
        run: run.value,
        who: who.value,
        item: selected.value,
      })
      if (mine !== latestExplanation) return
      explanation.value = explanations[0] ?? null
      explainFailure.value = null
    } catch (error) {
      if (mine !== latestExplanation) return
      explanation.value = null
      explainFailure.value = asFailure(error)
    } finally {
      if (mine === latestExplanation) explaining.value = false
    }
  }

  watch([run, who, k], () => void recommend())

  function select(item: string): void {
    if (selected.value === item) return
    selected.value = item
    void explain()
  }

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
    result,
    failure,
    loading,
    selected,
    explanation,
    explainFailure,
    explaining,
    recommend,
    explain,
    select,
    editHistory,
    addItem,
    removeItem,
  }
})
