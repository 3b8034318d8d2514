import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StudioError } from '../../../shared/errors'
import { lateAnswer } from '../../late-answer.fixture'
import { useLibraryWork } from './library-work'

let view: VueWrapper
let work: ReturnType<typeof useLibraryWork>
beforeEach(() => {
  view = mount(
    { setup: () => void (work = useLibraryWork()), render: () => null },
    { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } },
  )
})
afterEach(() => view.unmount())

const refusal = new StudioError({ code: 'CONFLICT', message: 'The disk is full.', next: 'Free some space.' })
const checking = { type: 'step', step: { stage: 'Checking', done: 1, total: 2 } } as const
const state = (): unknown[] => [work.working.value, work.progress.value?.stage ?? null, work.failure.value?.message]

it('tells the steps of one piece of work, and gives its result', async () => {
  const result = lateAnswer<string>()
  async function* events() {
    yield checking
    yield { type: 'done', result: await result.promise } as const
  }
  const done = work.follow('check', () => Promise.resolve(events()))
  await flushPromises()
  expect(state()).toEqual(['check', 'Checking', undefined])
  result.resolve('nothing found')
  expect([await done, work.working.value]).toEqual(['nothing found', null])
})

it.each([
  [
    'it is stopped',
    () => {
      work.stop()
      expect(work.working.value).toBeNull()
    },
  ],
  ['the page is left', () => view.unmount()],
])('is cancelled without an error message when %s', async (_, end) => {
  const signals: AbortSignal[] = []
  async function* events(signal: AbortSignal) {
    signals.push(signal)
    yield checking
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(refusal)))
  }
  const done = work.follow('back up', ({ signal }) => Promise.resolve(events(signal)))
  await flushPromises()
  end()
  expect([await done, signals.map(({ aborted }) => aborted), work.failure.value]).toEqual([null, [true], null])
})

it('tells why it failed, until it is tried again', async () => {
  expect(await work.follow('restore', () => Promise.reject(refusal))).toBeNull()
  expect(state()).toEqual([null, null, 'The disk is full.'])
  void work.follow('restore', () => new Promise(() => undefined))
  await flushPromises()
  expect(state()).toEqual(['restore', null, undefined])
})
