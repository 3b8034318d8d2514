import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { StudioError } from '../../shared/errors'
import { appPlugins } from '../mounting.fixture'
import type { Question } from '../queries'
import SearchPicker from './SearchPicker.vue'

vi.mock('../rpc', async () => {
  const { shallowRef } = await import('vue')
  return { client: {}, connections: shallowRef(1) }
})

type Hits = { id: string }[]
const users = ['1', '12', '123', '2'].map((id) => ({ id }))
const startingWith = (query: string): Hits => users.filter(({ id }) => id.startsWith(query))
/** A search with these answers; `cancelled` collects the texts that nobody waited for. */
const searching =
  (answer: (query: string) => Promise<Hits>, cancelled: string[] = []) =>
  (query: string): Question<Hits> => ({
    queryKey: ['users', query],
    queryFn: ({ signal }) => {
      signal.addEventListener('abort', () => cancelled.push(query))
      return answer(query)
    },
  })
const search = searching((query) => Promise.resolve(startingWith(query)))

let view: VueWrapper
const picker = (change: object = {}): VueWrapper => {
  view = mount(SearchPicker, {
    attachTo: document.body,
    global: { plugins: appPlugins() },
    props: { search, label: 'Find a user', placeholder: 'User id…', testid: 'user', ...change },
    slots: { hit: ({ hit }: { hit: { id: string } }) => hit.id },
  })
  return view
}
const hits = (): string[] => view.findAll('[role=option]').map((hit) => hit.text())
afterEach(() => view.unmount())

describe('SearchPicker', () => {
  it('shows the engine’s hits on focus, and arrow keys and Enter take one', async () => {
    const input = picker().get('input')
    await input.trigger('focus')
    await flushPromises()
    expect(hits()).toEqual(['1', '12', '123', '2'])
    await input.trigger('keydown', { key: 'ArrowDown' })
    await input.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(view.emitted('pick')).toEqual([[{ id: '12' }]])
    expect(input.element.value).toBe('')
    expect(input.attributes('aria-expanded')).toBe('false')
  })

  it('picks text typed at once, before its hits were shown', async () => {
    const input = picker().get('input')
    await input.setValue('123')
    await input.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(view.emitted('pick')).toEqual([[{ id: '123' }]])
  })

  it('takes nothing of an older text that is still shown', async () => {
    const input = picker().get('input')
    await input.trigger('focus')
    await flushPromises()
    await input.setValue('2')
    await input.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(view.emitted('pick')).toEqual([[{ id: '2' }]])
  })

  it('takes nothing of an older text whose hits come late', async () => {
    let answer = (_: Hits): void => undefined
    const slow = searching((query) =>
      query === '' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(startingWith(query)),
    )
    const input = picker({ search: slow }).get('input')
    await input.trigger('focus')
    await input.setValue('2')
    answer(users)
    await flushPromises()
    await input.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(view.emitted('pick')).toEqual([[{ id: '2' }]])
  })

  it('cancels the search for an older text, and picks a hit for the newer one even if Enter was pressed before it arrived', async () => {
    const cancelled: string[] = []
    let answer = (_: Hits): void => undefined
    const slow = searching(
      (query) => new Promise((resolve) => (answer = (hits) => query === '2' && resolve(hits))),
      cancelled,
    )
    const input = picker({ search: slow }).get('input')
    await input.trigger('focus')
    await input.setValue('2')
    await input.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect([cancelled, view.emitted('pick')]).toEqual([[''], undefined])
    answer(startingWith('2'))
    await flushPromises()
    expect(view.emitted('pick')).toEqual([[{ id: '2' }]])
  })

  it('leaves out entries that were picked before', async () => {
    const input = picker({ exclude: ['1', '2'] }).get('input')
    await input.trigger('focus')
    await flushPromises()
    expect(hits()).toEqual(['12', '123'])
  })

  it('says why nothing can be found', async () => {
    const refused = new StudioError({ code: 'NOT_FOUND', message: 'There is no data set 9.', next: 'Choose another.' })
    await picker({ search: searching(() => Promise.reject(refused)) })
      .get('input')
      .trigger('focus')
    await flushPromises()
    expect(view.text()).toContain('There is no data set 9.')
  })
})
