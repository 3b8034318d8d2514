import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { StudioError } from '../../shared/errors'
import { settings, type Settings } from '../../shared/system'
import { appPlugins } from '../mounting.fixture'
import { useSettings } from './settings.store'
import { theme } from './theme'

const { read, write } = vi.hoisted(() => ({
  read: vi.fn<() => Promise<Settings>>(),
  write: vi.fn<(change: Partial<Settings>) => Promise<Settings>>(),
}))
vi.mock('../rpc', async () => {
  const { shallowRef } = await import('vue')
  return { client: { system: { readSettings: read, writeSettings: write } }, connections: shallowRef(1) }
})

/** What the engine keeps. */
let kept: Settings
beforeEach(() => {
  kept = settings.parse({ theme: 'dark', lastRun: 3 })
  read.mockReset().mockImplementation(() => Promise.resolve(kept))
  write.mockReset().mockImplementation((change) => Promise.resolve((kept = { ...kept, ...change })))
  appPlugins()
})

it('loads the engine’s settings, and takes the theme from them', async () => {
  const store = useSettings()
  expect([store.ready, store.lastRun]).toEqual([false, null])
  await flushPromises()
  expect([store.ready, store.lastRun, theme.value]).toEqual([true, 3, 'dark'])
})

it('shows a choice at once, before the engine has stored it', async () => {
  const store = useSettings()
  await flushPromises()
  let written = (): void => undefined
  write.mockReturnValueOnce(new Promise((resolve) => (written = () => resolve((kept = { ...kept, lastRun: 4 })))))
  const done = store.rememberRun(4)
  await flushPromises()
  expect([store.lastRun, kept.lastRun, read.mock.calls.length]).toEqual([4, 3, 1])
  // Another choice meanwhile is not undone by the first one's end.
  await store.collapseNavigation(true)
  written()
  await done
  expect([store.lastRun, store.navigationCollapsed, write.mock.calls.map(([change]) => change)]).toEqual([
    4,
    true,
    [{ lastRun: 4 }, { navigationCollapsed: true }],
  ])
})

it('restores the engine’s setting if it cannot be changed', async () => {
  const store = useSettings()
  await flushPromises()
  write.mockRejectedValueOnce(new StudioError({ code: 'CONFLICT', message: 'It is read only.', next: 'Open another.' }))
  await expect(store.chooseTheme('light')).rejects.toThrow('It is read only.')
  await flushPromises()
  expect(theme.value).toBe('dark')
})
