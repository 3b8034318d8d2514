import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, ref, type EffectScope } from 'vue'
import { StudioError } from '../shared/errors'
import { useStream, type StreamState } from './stream'

const host = await vi.hoisted(async () => {
  const { shallowRef } = await import('vue')
  return { connection: shallowRef<'connecting' | 'open' | 'lost'>('open'), connections: shallowRef(1) }
})
vi.mock('./rpc', () => host)

/** One opened stream: the test says what comes and how it ends. */
interface Opened {
  readonly source: number
  readonly signal: AbortSignal
  send(event: string): void
  end(): void
  breakOff(error: Error): void
}

let opened: Opened[]
let received: string[]
let scope: EffectScope
const source = ref(7)

function openStream(asked: number, signal: AbortSignal): Promise<AsyncIterable<string>> {
  let controller: ReadableStreamDefaultController<string>
  const events = new ReadableStream<string>({ start: (own) => void (controller = own) })
  opened.push({
    source: asked,
    signal,
    send: (event) => controller.enqueue(event),
    end: () => controller.close(),
    breakOff: (error) => controller.error(error),
  })
  return Promise.resolve(events)
}

beforeEach(() => {
  opened = []
  received = []
  source.value = 7
  host.connection.value = 'open'
  host.connections.value = 1
  scope = effectScope()
})
afterEach(() => scope.stop())

const listen = (): StreamState =>
  scope.run(() =>
    useStream(
      () => source.value,
      openStream,
      (event) => received.push(event),
    ),
  )!

it('follows the stream of its source, and of the next one when the source changes', async () => {
  const { failure } = listen()
  opened[0]!.send('one')
  await flushPromises()
  source.value = 8
  await flushPromises()
  opened[1]!.send('two')
  opened[0]!.send('too late')
  await flushPromises()
  expect(opened.map((one) => [one.source, one.signal.aborted])).toEqual([
    [7, true],
    [8, false],
  ])
  expect([received, failure.value]).toEqual([['one', 'two'], null])
})

it('listens again after a reconnect, and says nothing of the loss, which the banner shows', async () => {
  const { failure } = listen()
  await flushPromises()
  host.connection.value = 'lost'
  opened[0]!.breakOff(new Error('the socket closed'))
  await flushPromises()
  expect(failure.value).toBeNull()
  host.connection.value = 'open'
  host.connections.value++
  await flushPromises()
  expect(opened).toHaveLength(2)
  opened[1]!.send('after the gap')
  await flushPromises()
  expect(received).toEqual(['after the gap'])
})

it('shows why a stream broke off although the connection is open, and restarts on request', async () => {
  const { failure, again } = listen()
  opened[0]!.breakOff(
    new StudioError({ code: 'NOT_FOUND', message: 'There is no experiment 7.', next: 'Choose another one.' }),
  )
  await flushPromises()
  expect(failure.value).toMatchObject({ code: 'NOT_FOUND', message: 'There is no experiment 7.' })
  again()
  opened[1]!.send('again')
  await flushPromises()
  expect([received, failure.value]).toEqual([['again'], null])
})

it('has no failure for a stream that ended, and stops with its page', async () => {
  const { failure } = listen()
  opened[0]!.end()
  await flushPromises()
  expect(failure.value).toBeNull()
  scope.stop()
  expect(opened[0]!.signal.aborted).toBe(true)
})
