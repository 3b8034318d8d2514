import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import UApp from '@nuxt/ui/components/App.vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { notFound } from '../../../shared/errors'
import { settings, type Settings } from '../../../shared/system'
import { appPlugins } from '../../mounting.fixture'
import TrackersCard from './TrackersCard.vue'

const { stored, written } = vi.hoisted(() => ({
  stored: { now: {} },
  written: vi.fn<(change: unknown) => Promise<unknown>>(),
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const client = {
    system: { readSettings: () => Promise.resolve(stored.now), writeSettings: (change: unknown) => written(change) },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

let view: VueWrapper
beforeEach(async () => {
  stored.now = settings.parse({ trackers: { mlflow: '/data/mlruns' } })
  written.mockReset().mockImplementation((change) => {
    stored.now = { ...(stored.now as Settings), ...(change as Partial<Settings>) }
    return Promise.resolve(stored.now)
  })
  view = mount(UApp, {
    slots: { default: () => h(TrackersCard) },
    attachTo: document.body,
    global: { plugins: appPlugins() },
  })
  await flushPromises()
})
afterEach(() => view.unmount())

const field = (kind: string) => view.get<HTMLInputElement>(`[data-testid="tracker-${kind}"]`)
async function type(kind: string, folder: string): Promise<void> {
  const input = field(kind)
  await input.setValue(folder)
  await input.trigger('blur')
  await flushPromises()
}

it('shows the folders, and how the tracker shows them', () => {
  expect(field('mlflow').element.value).toBe('/data/mlruns')
  expect(field('tensorboard').element.value).toBe('')
  expect(view.text()).toContain('mlflow ui --backend-store-uri "/data/mlruns"')
  expect(view.text()).toContain('Off: no folder is chosen.')
})

it('stores a folder beside the other, and none for an empty field', async () => {
  await type('tensorboard', ' /data/logs ')
  expect(written).toHaveBeenLastCalledWith({ trackers: { mlflow: '/data/mlruns', tensorboard: '/data/logs' } })
  await type('mlflow', '')
  expect(written).toHaveBeenLastCalledWith({ trackers: { tensorboard: '/data/logs' } })
})

it('says why a folder is not taken, and keeps what was typed', async () => {
  await type('tensorboard', 'logs')
  expect(written).not.toHaveBeenCalled()
  expect(view.text()).toContain('Enter the whole path of a folder')
  written.mockRejectedValueOnce(notFound('/nowhere does not exist.', 'Create that folder.'))
  await type('tensorboard', '/nowhere')
  expect(view.text()).toContain('/nowhere does not exist.')
  expect(field('tensorboard').element.value).toBe('/nowhere')
  expect(view.text()).not.toContain('Enter the whole path of a folder')
  // It may have been made since.
  await field('tensorboard').trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(written).toHaveBeenCalledTimes(2)
  expect(view.text()).not.toContain('/nowhere does not exist.')
})
