import ui from '@nuxt/ui/vue-plugin'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import SearchPicker from './SearchPicker.vue'

const users = ['1', '12', '123', '2'].map((id) => ({ id }))
const search = (query: string): Promise<{ id: string }[]> =>
  Promise.resolve(users.filter(({ id }) => id.startsWith(query)))

let view: VueWrapper
const picker = (change: object = {}): VueWrapper => {
  view = mount(SearchPicker, {
    attachTo: document.body,
    // With its icons, which are bundled: nothing is asked of the network.
    global: { plugins: [ui] },
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

  it('takes what was typed in one go, before its hits were shown', async () => {
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
    let answer = (_: { id: string }[]): void => undefined
    const slow = (query: string): Promise<{ id: string }[]> =>
      query === '' ? new Promise((resolve) => (answer = resolve)) : search(query)
    const input = picker({ search: slow }).get('input')
    await input.trigger('focus')
    await input.setValue('2')
    answer(users)
    await flushPromises()
    await input.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(view.emitted('pick')).toEqual([[{ id: '2' }]])
  })

  it('leaves out what is already taken', async () => {
    const input = picker({ exclude: ['1', '2'] }).get('input')
    await input.trigger('focus')
    await flushPromises()
    expect(hits()).toEqual(['12', '123'])
  })

  it('says why nothing can be found', async () => {
    const refused = new StudioError({ code: 'NOT_FOUND', message: 'There is no data set 9.', next: 'Choose another.' })
    await picker({ search: () => Promise.reject(refused) })
      .get('input')
      .trigger('focus')
    await flushPromises()
    expect(view.text()).toContain('There is no data set 9.')
  })
})
