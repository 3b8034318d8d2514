import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { badInput } from '../../shared/errors'
import { appPlugins } from '../mounting.fixture'
import RenameDialog from './RenameDialog.vue'

vi.mock('../rpc', async () => {
  const { shallowRef } = await import('vue')
  return { client: {}, connections: shallowRef(1) }
})

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let view: VueWrapper
const rename = vi.fn<(name: string) => Promise<void>>()
afterEach(() => view.unmount())

const name = (): HTMLInputElement => document.querySelector<HTMLInputElement>('[data-testid=rename-name]')!
const error = (): string | undefined => document.querySelector('[data-slot=error]')?.textContent.trim()
/** Opens the dialog of `films`, types a name and sends it by Enter. */
async function renameTo(text: string): Promise<void> {
  view = mount(RenameDialog, {
    attachTo: document.body,
    global: { plugins: appPlugins() },
    props: { open: true, name: 'films', what: 'data set', rename },
  })
  await flushPromises()
  expect([name().value, error()]).toEqual(['films', undefined])
  name().value = text
  name().dispatchEvent(new Event('input', { bubbles: true }))
  await flushPromises()
  name().form?.requestSubmit()
  await flushPromises()
}

it('sends the name without spaces around it, and closes', async () => {
  rename.mockReset().mockResolvedValue()
  await renameTo('  more films ')
  expect(rename.mock.calls).toEqual([['more films']])
  expect(view.emitted('update:open')).toEqual([[false]])
})

it.each([
  ['  ', 'Enter a name.'],
  ['x'.repeat(121), 'Enter a shorter name: it may have at most 120 characters.'],
])('sends no name that the contract refuses: %s', async (text, said) => {
  rename.mockReset()
  await renameTo(text)
  expect(rename).not.toHaveBeenCalled()
  expect(error()).toBe(said)
  expect(document.activeElement).toBe(name())
})

it('shows why a name was refused', async () => {
  rename.mockReset().mockRejectedValue(badInput('The name is taken.', 'Choose another one.'))
  await renameTo('dense')
  expect(document.body.textContent).toContain('The name is taken.')
  expect(view.emitted('update:open')).toBeUndefined()
})
