import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { badInput } from '../../shared/errors'
import type { UserCheck } from '../../shared/exports'
import { datasetId } from '../../shared/ids'
import { appPlugins } from '../mounting.fixture'
import UserListInput from './UserListInput.vue'

const checkUsers = vi.hoisted(() => vi.fn<(request: { users: string[] }) => Promise<UserCheck>>())
vi.mock('../rpc', async () => {
  const { shallowRef } = await import('vue')
  const users = (): Promise<never> => new Promise(() => undefined)
  const get = (): Promise<unknown> => Promise.resolve({ importedAs: { mapping: { user: 'Kunde' } } })
  return {
    client: { datasets: { checkUsers, users, get } },
    connection: shallowRef('open'),
    connections: shallowRef(1),
  }
})

let view: VueWrapper
beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  view.unmount()
  vi.useRealTimers()
})

const problem = (): unknown => view.emitted('update:problem')?.at(-1)?.[0]
async function listOf(users: string[]): Promise<void> {
  view = mount(UserListInput, {
    global: { plugins: appPlugins() },
    props: { dataset: datasetId.parse(4), modelValue: users, skipUnknown: false, problem: null },
  })
  await flushPromises()
}
const counted = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(1000)
  await flushPromises()
}

it.each([
  ['nobody is known', ['x'], { known: 0, unknown: 1, examples: ['x'] }, /None of these users is in the data set/],
  [
    'some are unknown',
    ['a', 'x', 'y'],
    { known: 1, unknown: 2, examples: ['x', 'y'] },
    '2 users of the list are not in the data set: remove them, or choose “Leave out unknown users”.',
  ],
])('says why a list is of no use where %s', async (_, users, answer, told) => {
  checkUsers.mockReset().mockResolvedValue(answer)
  await listOf(users)
  expect(problem()).toBe('The users are being counted.')
  await counted()
  expect(problem()).toEqual(typeof told === 'string' ? told : expect.stringMatching(told))
})

it('leaves an empty list to the form, which says so once', async () => {
  await listOf([])
  await counted()
  expect(problem()).toBeUndefined()
  expect(checkUsers).not.toHaveBeenCalled()
})

it('has no problem with known users, and with unknown ones once they are left out', async () => {
  checkUsers.mockReset().mockResolvedValue({ known: 1, unknown: 1, examples: ['x'] })
  await listOf(['a', 'x'])
  await counted()
  expect(problem()).toMatch(/1 user of the list is not in the data set/)
  await view.setProps({ skipUnknown: true })
  expect(problem()).toBeNull()
})

it('says that users could not be counted', async () => {
  checkUsers.mockReset().mockRejectedValue(badInput('It broke.', 'Try again.'))
  await listOf(['a'])
  await counted()
  expect(problem()).toBe('The users could not be counted.')
})

it('recognises the name of the users’ column in the data set’s own files as a header', async () => {
  checkUsers.mockReset().mockResolvedValue({ known: 2, unknown: 0, examples: [] })
  await listOf([])
  await view
    .findAll('button')
    .find((button) => button.text() === 'Paste a list')
    ?.trigger('click')
  await view.find('textarea').setValue('Kunde\nu1\nu2\n')
  expect(view.emitted('update:modelValue')?.at(-1)).toEqual([['u1', 'u2']])
})
