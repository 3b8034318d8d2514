import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { DatasetDependents, VersionChoice } from '../../../shared/datasets'
import { StudioError } from '../../../shared/errors'
import { appPlugins } from '../../mounting.fixture'
import { dataset } from '../runs/forms.fixture'
import DatasetDeletion from './DatasetDeletion.vue'

const ask = vi.hoisted(() => vi.fn<(request: { versions: VersionChoice }) => Promise<DatasetDependents>>())
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  return { client: { datasets: { dependents: ask } }, connection: shallowRef('open'), connections: shallowRef(1) }
})
vi.setConfig({ testTimeout: 60_000 })

const nothing: DatasetDependents = { versions: [], runs: [], exports: 0, maps: 0, experiments: [], fileBytes: 0 }
let view: VueWrapper
beforeEach(() => {
  ask.mockReset()
  view = mount(DatasetDeletion, {
    global: { plugins: appPlugins() },
    props: { dataset, remove: () => Promise.resolve(), versions: null },
  })
})
afterEach(() => view.unmount())

const told = (): string => document.body.textContent
async function open(versions: VersionChoice | null): Promise<void> {
  await view.setProps({ versions })
  await flushPromises()
}

it('asks what is deleted with a version each time it is opened, and shows no older answer meanwhile', async () => {
  ask.mockResolvedValueOnce(nothing)
  await open('this')
  expect(told()).toContain('nothing else depends on them')
  await open(null)
  let answer = (_: DatasetDependents): void => undefined
  ask.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
  await open('this')
  expect(told()).toContain('Looking up what depends on it')
  expect(told()).not.toContain('nothing else depends on them')
  answer({ ...nothing, exports: 2 })
  await flushPromises()
  expect(told()).toContain('2 exports')
  expect(ask.mock.calls.map(([{ versions }]) => versions)).toEqual(['this', 'this'])
})

it('says why that could not be found, and forgets it with the next opening', async () => {
  ask.mockRejectedValueOnce(new StudioError({ code: 'NOT_FOUND', message: 'There is no data set 1.', next: 'Reload.' }))
  await open('all')
  expect(told()).toContain('There is no data set 1.')
  await open(null)
  ask.mockResolvedValueOnce(nothing)
  await open('all')
  expect(told()).not.toContain('There is no data set 1.')
  expect(told()).toContain('nothing else depends on them')
})
