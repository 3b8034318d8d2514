import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { DuplicatePolicy } from '../../shared/datasets'
import type { Settings } from '../../shared/system'
import { client } from '../rpc'
import { theme, type Theme } from './theme'

/** Settings that the engine keeps; shown at once, written behind. */
export const useSettings = defineStore('settings', () => {
  const navigationCollapsed = ref(false)
  const lastRun = ref<number | null>(null)
  const importDuplicates = ref<DuplicatePolicy>('last')
  const ready = ref(false)

  function take(settings: Settings): void {
    theme.value = settings.theme
    navigationCollapsed.value = settings.navigationCollapsed
    lastRun.value = settings.lastRun
    importDuplicates.value = settings.importDuplicates
  }

  async function load(): Promise<void> {
    take(await client.system.readSettings())
    ready.value = true
  }

  async function write(change: Partial<Settings>): Promise<void> {
    await client.system.writeSettings(change)
  }

  async function chooseTheme(choice: Theme): Promise<void> {
    theme.value = choice
    await write({ theme: choice })
  }

  async function collapseNavigation(collapsed: boolean): Promise<void> {
    if (navigationCollapsed.value === collapsed) return
    navigationCollapsed.value = collapsed
    await write({ navigationCollapsed: collapsed })
  }

  async function rememberRun(run: number): Promise<void> {
    if (lastRun.value === run) return
    lastRun.value = run
    await write({ lastRun: run })
  }

  async function rememberDuplicates(policy: DuplicatePolicy): Promise<void> {
    if (importDuplicates.value === policy) return
    importDuplicates.value = policy
    await write({ importDuplicates: policy })
  }

  return {
    importDuplicates,
    rememberDuplicates,
    navigationCollapsed,
    lastRun,
    ready,
    load,
    chooseTheme,
    collapseNavigation,
    rememberRun,
  }
})
