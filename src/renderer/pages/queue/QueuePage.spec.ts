import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import UApp from '@nuxt/ui/components/App.vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { job as jobShape, type Job } from '../../../shared/jobs'
import { aRun } from '../../../shared/run.fixture'
import { settings } from '../../../shared/system'
import { appPlugins } from '../../mounting.fixture'
import { canRetry } from './ended'
import QueuePage from './QueuePage.vue'

const { jobs, runs, asked } = vi.hoisted(() => ({
  jobs: [] as unknown[],
  runs: [] as unknown[],
  asked: vi.fn<(procedure: string, request: unknown) => unknown>(),
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const ask =
    (procedure: string) =>
    (request: unknown): Promise<unknown> =>
      Promise.resolve(asked(procedure, request))
  const client = {
    jobs: {
      list: () => Promise.resolve(jobs),
      // A stream without events.
      watch: () => new Promise(() => undefined),
      conditions: () => Promise.resolve({ onBattery: true, idleSeconds: null }),
      ...Object.fromEntries(['pause', 'goOn', 'move', 'cancel', 'retry'].map((name) => [name, ask(name)])),
    },
    runs: { list: () => Promise.resolve(runs) },
    system: { readSettings: () => Promise.resolve(settings.parse({})), writeSettings: ask('writeSettings') },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

const jobOf = (id: number, state: Job['state'], more: Partial<Job> = {}): Job =>
  jobShape.parse({
    ...{
      id,
      kind: 'train',
      label: `Training ${id}`,
      state,
      reason: null,
      left: false,
      here: false,
      place: id,
      after: null,
    },
    ...{ progress: null, dataset: 1, run: id, export: null, error: null, createdAt: '2026-11-24T00:00:00Z' },
    ...{ startedAt: null, endedAt: null },
    ...more,
  })

let view: VueWrapper
async function show(...shown: Job[]): Promise<void> {
  jobs.splice(0, jobs.length, ...shown)
  view = mount(UApp, {
    slots: { default: () => h(QueuePage) },
    attachTo: document.body,
    global: { plugins: appPlugins() },
  })
  await flushPromises()
}
beforeEach(() => {
  asked.mockReset().mockReturnValue([])
  runs.splice(0)
})
afterEach(() => view.unmount())

const rows = (): string[] => view.findAll('[data-testid=queue-job]').map((row) => row.get('a').text())
const row = (label: string) => {
  const found = view.findAll('[data-testid=queue-job]').find((one) => one.get('a').text() === label)
  if (!found) throw new Error(`There is no row ${label}.`)
  return found
}

it('shows what runs and waits in the order in which it starts, and moves a job by keys', async () => {
  await show(jobOf(5, 'queued', { place: 9 }), jobOf(2, 'running'), jobOf(3, 'queued'), jobOf(4, 'queued'))
  expect(rows()).toEqual(['Training 2', 'Training 3', 'Training 4', 'Training 5'])
  await row('Training 4').trigger('keydown', { key: 'ArrowUp', altKey: true })
  await flushPromises()
  expect(asked).toHaveBeenLastCalledWith('move', { job: 4, before: 3 })
  await row('Training 4').trigger('keydown', { key: 'ArrowDown', altKey: true })
  await flushPromises()
  expect(asked).toHaveBeenLastCalledWith('move', { job: 4, before: null })
  asked.mockClear()
  // The first cannot start earlier, and a running one has no place.
  await row('Training 3').trigger('keydown', { key: 'ArrowUp', altKey: true })
  await row('Training 2').trigger('keydown', { key: 'ArrowDown', altKey: true })
  await flushPromises()
  expect(asked).not.toHaveBeenCalled()
})

it('tells jobs of one label apart by run and seed, in the lists and in the names of buttons', async () => {
  runs.splice(0, runs.length, { ...aRun({ id: 2 }), seed: 11 }, { ...aRun({ id: 3 }), seed: 12 })
  const label = 'Training a model on songs'
  await show(jobOf(2, 'queued', { label }), jobOf(3, 'queued', { label }))
  expect(view.findAll('[data-testid=queue-job]').map((one) => one.text())).toEqual([
    expect.stringContaining('run 2 · seed 11'),
    expect.stringContaining('run 3 · seed 12'),
  ])
  expect(view.findAll('[data-testid=queue-cancel]').map((one) => one.attributes('aria-label'))).toEqual([
    'Cancel Training a model on songs, run 2 · seed 11',
    'Cancel Training a model on songs, run 3 · seed 12',
  ])
})

it('moves a job by dragging it before another one', async () => {
  await show(jobOf(2, 'running'), jobOf(3, 'queued'), jobOf(4, 'queued'), jobOf(5, 'queued'))
  await row('Training 5').trigger('dragstart')
  await row('Training 3').trigger('dragenter')
  await view.get('ol').trigger('drop')
  await flushPromises()
  expect(asked).toHaveBeenCalledWith('move', { job: 5, before: 3 })
})

it('pauses, lets go on and cancels', async () => {
  await show(jobOf(2, 'running'), jobOf(3, 'paused', { reason: 'Paused by hand.' }))
  await row('Training 2').get('[data-testid=queue-pause]').trigger('click')
  await flushPromises()
  expect(asked).toHaveBeenLastCalledWith('pause', { job: 2 })
  expect(row('Training 3').text()).toContain('Paused by hand.')
  await row('Training 3').get('[data-testid=queue-go-on]').trigger('click')
  await flushPromises()
  expect(asked).toHaveBeenLastCalledWith('goOn', { jobs: [3] })
  await row('Training 3').get('[data-testid=queue-cancel]').trigger('click')
  await flushPromises()
  expect(asked).toHaveBeenLastCalledWith('cancel', { job: 3 })
})

it('asks about jobs that were left, and says nothing of jobs of people who paused them', async () => {
  await show(jobOf(3, 'paused', { reason: 'Paused by hand.' }))
  expect(view.find('[data-testid=left-jobs]').exists()).toBe(false)
  view.unmount()
  await show(jobOf(3, 'paused', { left: true, reason: 'VASP Studio ended before this was done.' }))
  expect(view.get('[data-testid=left-jobs]').text()).toContain(
    '“Training 3” (run 3) was not done when VASP Studio ended',
  )
  await view.get('[data-testid=left-jobs]').findAll('button')[0]?.trigger('click')
  await flushPromises()
  expect(asked).toHaveBeenCalledWith('goOn', { jobs: null })
})

it.each([
  [{ state: 'failed' }, true],
  [{ state: 'cancelled', kind: 'map' }, true],
  [{ state: 'finished' }, false],
  // Its files are gone.
  [{ state: 'failed', kind: 'import', run: null }, false],
  // Its run was deleted.
  [{ state: 'cancelled', run: null }, false],
  // The Exports page makes it anew.
  [{ state: 'failed', kind: 'export' }, false],
] as const)('offers to try %o again: %s', (what, may) => {
  expect(canRetry(jobOf(6, what.state, what))).toBe(may)
})

it('says what the machine tells of a rule, and stores the rule', async () => {
  await show()
  expect(view.text()).toContain('Nothing runs or waits')
  expect(view.text()).toContain('It runs on its battery now.')
  expect(view.text()).toContain('cannot tell whether somebody uses the machine')
  await view.get('[data-testid=rule-mains]').trigger('click')
  await flushPromises()
  expect(asked).toHaveBeenCalledWith('writeSettings', {
    queueRules: { left: 'ask', onlyOnMains: true, onlyWhenIdle: false, notBetween: null },
  })
})
