import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import { settings as settingsShape, type QueueRules } from '../../shared/system'
import { asFailure } from '../failure'
import { engine } from '../queries'
import type { TrackerFolders } from '../../shared/trackers'
import { theme, type Theme } from './theme'

/** What the engine answers for a new library: shown until its answer is there. */
const standard = settingsShape.parse({})

/** Settings that the engine stores; changes are shown at once and stored later. */
export const useSettings = defineStore('settings', () => {
  const queries = useQueryClient()
  const kept = engine.system.readSettings.queryOptions()
  const { data, error } = useQuery(kept)
  const mutationKey = engine.system.writeSettings.mutationKey()
  const { mutateAsync: write } = useMutation(
    engine.system.writeSettings.mutationOptions({
      onMutate: async (change) => {
        await queries.cancelQueries(kept)
        queries.setQueryData(kept.queryKey, (before) => before && { ...before, ...change })
      },
      // After several changes in a row, only the last one reloads: before that, the engine does not know all of them.
      onSettled: async () => {
        if (queries.isMutating({ mutationKey }) === 1) await queries.invalidateQueries(kept)
      },
    }),
  )
  // It is outside of the store, so that it shows before the settings are known.
  watch(
    () => data.value?.theme,
    (now) => now && (theme.value = now),
  )

  const navigationCollapsed = computed(() => data.value?.navigationCollapsed ?? false)
  const lastRun = computed(() => data.value?.lastRun ?? null)

  const queueRules = computed<QueueRules>(() => data.value?.queueRules ?? standard.queueRules)
  const notifications = computed(() => data.value?.notifications ?? standard.notifications)

  const keepStates = computed(() => data.value?.keepStates ?? standard.keepStates)

  async function chooseKeepStates(wanted: boolean): Promise<void> {
    await write({ keepStates: wanted })
  }

  const trackers = computed<TrackerFolders>(() => data.value?.trackers ?? standard.trackers)

  async function chooseTrackers(folders: TrackerFolders): Promise<void> {
    await write({ trackers: folders })
  }

  async function chooseRules(rules: QueueRules): Promise<void> {
    await write({ queueRules: rules })
  }

  async function chooseNotifications(wanted: boolean): Promise<void> {
    await write({ notifications: wanted })
  }

  async function chooseTheme(choice: Theme): Promise<void> {
    theme.value = choice
    await write({ theme: choice })
  }

  async function collapseNavigation(collapsed: boolean): Promise<void> {
    if (navigationCollapsed.value !== collapsed) await write({ navigationCollapsed: collapsed })
  }

  async function rememberRun(run: number): Promise<void> {
    if (lastRun.value !== run) await write({ lastRun: run })
  }

  return {
    queueRules,
    chooseRules,
    keepStates,
    chooseKeepStates,
    trackers,
    chooseTrackers,
    notifications,
    chooseNotifications,
    navigationCollapsed,
    lastRun,
    ready: computed(() => data.value !== undefined),
    failure: computed(() => error.value && asFailure(error.value)),
    chooseTheme,
    collapseNavigation,
    rememberRun,
  }
})
