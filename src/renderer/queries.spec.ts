import { useQuery, VueQueryPlugin, type QueryClient } from '@tanstack/vue-query'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { StudioError } from '../shared/errors'
import { createQueryClient, engine, useList, useRefresh, type Refresh } from './queries'

/** One question to the engine: the test answers it, or sees it cancelled. */
interface Asked {
  readonly of: unknown
  readonly signal: AbortSignal
  answer(value: unknown): void
  refuse(error: Error): void
}

const host = await vi.hoisted(async () => {
  const { shallowRef } = await import('vue')
  const asked: Asked[] = []
  const ask = (of: unknown, { signal }: { signal: AbortSignal }): Promise<unknown> =>
    new Promise((answer, refuse) => asked.push({ of, signal, answer, refuse }))
  return {
    asked,
    client: {
      datasets: { list: ask, get: ask },
      browse: {},
      runs: { list: ask, get: ask, curve: ask, compare: ask, removed: ask },
      experiments: { tables: ask },
    },
    connections: shallowRef(1),
  }
})
vi.mock('./rpc', () => host)
const { asked } = host

let queries: QueryClient
let view: VueWrapper
beforeEach(() => {
  asked.length = 0
  host.connections.value = 1
  queries = createQueryClient()
})
afterEach(() => {
  view.unmount()
  queries.clear()
})

function show<Shown>(setup: () => Shown): Shown {
  let shown: Shown | null = null
  const page = defineComponent({ setup: () => void (shown = setup()), render: () => null })
  view = mount(page, { global: { plugins: [[VueQueryPlugin, { queryClient: queries }]] } })
  return shown!
}

const id = ref(7)
const showDataset = () =>
  show(() => useQuery(() => engine.datasets.get.queryOptions({ input: { id: id.value as never } })))
const gone = new StudioError({ code: 'NOT_FOUND', message: 'There is no data set 7.', next: 'Choose another one.' })

it('shows the answer to the latest question and cancels the one before it', async () => {
  const { data } = showDataset()
  id.value = 8
  await flushPromises()
  asked[1]!.answer('eight')
  asked[0]!.answer('seven')
  await flushPromises()
  expect(asked.map(({ of, signal }) => [of, signal.aborted])).toEqual([
    [{ id: 7 }, true],
    [{ id: 8 }, false],
  ])
  expect(data.value).toBe('eight')
  id.value = 7
})

it('cancels the question when no component needs it', async () => {
  showDataset()
  await flushPromises()
  view.unmount()
  expect(asked[0]!.signal.aborted).toBe(true)
})

it('asks once for data that two pages show', async () => {
  const both = show(() => [useList(engine.datasets.list.queryOptions()), useList(engine.datasets.list.queryOptions())])
  await flushPromises()
  asked[0]!.answer(['movies'])
  await flushPromises()
  expect(asked).toHaveLength(1)
  expect(both.map(({ list }) => list.value)).toEqual([['movies'], ['movies']])
})

it('asks again after a reconnect, and shows its data meanwhile', async () => {
  const { list, known } = show(() => useList(engine.datasets.list.queryOptions()))
  await flushPromises()
  expect([list.value, known.value]).toEqual([[], false])
  asked[0]!.answer(['movies'])
  await flushPromises()
  host.connections.value++
  await flushPromises()
  expect([asked.length, list.value, known.value]).toEqual([2, ['movies'], true])
  asked[1]!.answer(['movies', 'songs'])
  await flushPromises()
  expect(list.value).toEqual(['movies', 'songs'])
})

it('does not ask twice for a question that waits for the connection', async () => {
  host.connections.value = 0
  showDataset()
  await flushPromises()
  host.connections.value++
  await flushPromises()
  expect([asked.length, asked[0]!.signal.aborted]).toEqual([1, false])
})

it('shows a failure at once beside its data, and removes it with the next answer', async () => {
  const { list, failure, reload } = show(() => useList(engine.datasets.list.queryOptions()))
  await flushPromises()
  asked[0]!.answer(['movies'])
  await flushPromises()
  void reload()
  await flushPromises()
  asked[1]!.refuse(gone)
  await flushPromises()
  expect([asked.length, list.value, failure.value]).toEqual([2, ['movies'], gone.toShape()])
  host.connections.value++
  await flushPromises()
  asked[2]!.answer([])
  await flushPromises()
  expect([list.value, failure.value]).toEqual([[], null])
})

it('asks again after a change of the library, even if an older answer is on its way', async () => {
  let refresh: Refresh | null = null
  const { runs, dataset } = show(() => {
    refresh = useRefresh()
    const input = { id: 7 as never }
    return {
      runs: useQuery(engine.runs.list.queryOptions({ input: { dataset: null } })),
      dataset: useQuery(engine.datasets.get.queryOptions({ input })),
      datasets: useQuery(engine.datasets.list.queryOptions()),
    }
  })
  await flushPromises()
  expect(asked).toHaveLength(3)
  const done = refresh!('runs')
  await flushPromises()
  expect(asked.map(({ of, signal }) => [of, signal.aborted])).toEqual([
    [{ dataset: null }, true],
    [{ id: 7 }, true],
    [undefined, false],
    [{ dataset: null }, false],
    [{ id: 7 }, false],
  ])
  asked[0]!.answer('older runs')
  asked[3]!.answer('runs')
  asked[4]!.answer('movies')
  await done
  await flushPromises()
  expect([runs.data.value, dataset.data.value]).toEqual(['runs', 'movies'])
})
