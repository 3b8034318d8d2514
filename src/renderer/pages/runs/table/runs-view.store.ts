import { useQuery } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { runView, type NamedRunView, type RunView } from '../../../../shared/run-views'
import { engine, useRefresh } from '../../../queries'
import { client } from '../../../rpc'

const kept = 'vasp-studio.runs-view'

/** The view of this window's last visit; another version of the program may have stored another shape. */
function lastView(): RunView {
  const stored = localStorage.getItem(kept)
  const read = runView.safeParse(stored === null ? {} : parsedOrNull(stored))
  return read.success ? read.data : runView.parse({})
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** How the table of runs is shown: kept on this machine between visits, and under names in the library. */
export const useRunsView = defineStore('runs view', () => {
  const view = ref<RunView>(lastView())
  watch(view, (now) => localStorage.setItem(kept, JSON.stringify(now)), { deep: true })
  const { data } = useQuery(engine.runs.views.queryOptions())
  const saved = computed<readonly NamedRunView[]>(() => data.value ?? [])
  const refresh = useRefresh()

  const same = (a: RunView, b: RunView): boolean =>
    JSON.stringify(runView.parse(a)) === JSON.stringify(runView.parse(b))
  /** The saved view that is shown, if it was not changed since. */
  const current = computed(() => saved.value.find((one) => same(one, view.value)) ?? null)

  async function save(name: string): Promise<void> {
    await client.runs.saveView({ ...view.value, name })
    await refresh('views')
  }
  async function remove(name: string): Promise<void> {
    await client.runs.deleteView({ name })
    await refresh('views')
  }
  const show = (one: RunView): void => {
    view.value = runView.parse(one)
  }
  return { view, saved, current, save, remove, show }
})
