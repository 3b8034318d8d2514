import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { StudioError } from '../shared/errors'
import { lateAnswer } from './late-answer.fixture'
import { useLatestWork } from './latest-work'

function latestWork(): ReturnType<typeof useLatestWork> {
  let latest: ReturnType<typeof useLatestWork> | null = null
  mount(
    { setup: () => void (latest = useLatestWork()), render: () => null },
    { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } },
  )
  return latest!
}

const refusal = new StudioError({ code: 'CONFLICT', message: 'It is taken.', next: 'Choose another name.' })

it('cancels the work under way and ignores its late answer or failure', async () => {
  const { begin, working, failure } = latestWork()
  const late = lateAnswer<string>()
  const later = lateAnswer<string>()
  const signals: AbortSignal[] = []
  const started = (answer: Promise<string>) =>
    begin((signal) => {
      signals.push(signal)
      return answer
    })
  const first = started(late.promise)
  await flushPromises()
  const second = started(later.promise)
  await flushPromises()
  expect(await started(Promise.resolve('third'))).toBe('third')
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false])
  late.resolve('first')
  later.reject(refusal)
  expect([await first, await second, working.value, failure.value]).toEqual([null, null, false, null])
})

it('tells of the latest why it failed, until other work begins', async () => {
  const { begin, working, failure } = latestWork()
  expect(await begin(() => Promise.reject(refusal))).toBeNull()
  expect([working.value, failure.value?.message]).toEqual([false, 'It is taken.'])
  const next = begin(() => Promise.resolve(1))
  expect([working.value, failure.value]).toEqual([true, null])
  expect(await next).toBe(1)
})

it('is nothing any more once it is stopped', async () => {
  const { begin, stop, working, failure } = latestWork()
  const never = begin((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(refusal))))
  stop()
  expect([await never, working.value, failure.value]).toEqual([null, false, null])
})
