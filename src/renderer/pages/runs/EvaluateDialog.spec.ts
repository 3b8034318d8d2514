import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { datasetId, runId } from '../../../shared/ids'
import type { EvaluationRequest } from '../../../shared/runs'
import UserListInput from '../../components/UserListInput.vue'
import { appPlugins } from '../../mounting.fixture'
import EvaluateDialog from './EvaluateDialog.vue'

vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const never = (): Promise<never> => new Promise(() => undefined)
  const client = {
    datasets: {
      get: never,
      users: never,
      checkUsers: ({ users }: { users: string[] }) =>
        Promise.resolve({ known: users.length, unknown: 0, examples: [] }),
    },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

vi.setConfig({ testTimeout: 60_000 })
const evaluate = vi.fn<(request: EvaluationRequest) => Promise<void>>()
let view: VueWrapper
async function show(): Promise<void> {
  evaluate.mockReset().mockResolvedValue()
  view = mount(EvaluateDialog, {
    attachTo: document.body,
    global: { plugins: appPlugins() },
    props: { open: true, run: runId.parse(3), dataset: datasetId.parse(1), evaluate },
  })
  await flushPromises()
}
afterEach(() => view.unmount())

const button = (): HTMLButtonElement => document.querySelector<HTMLButtonElement>('[data-testid=start-evaluate]')!
async function send(): Promise<void> {
  button().form?.requestSubmit(button())
  await flushPromises()
}
async function chooseUsers(users: string[]): Promise<void> {
  document.querySelector<HTMLElement>('[role=radio][value=chosen]')!.click()
  await flushPromises()
  const list: VueWrapper = view.findComponent(UserListInput)
  list.vm.$emit('update:modelValue', users)
  await vi.waitFor(async () => {
    await flushPromises()
    expect(button().disabled).toBe(false)
  })
}

it('measures the run’s test users', async () => {
  await show()
  await send()
  expect(evaluate).toHaveBeenCalledExactlyOnceWith({ run: 3, users: null, skipUnknown: false })
  expect(view.emitted('update:open')).toEqual([[false]])
})

it('says once that an empty list is of no use, and sends nothing', async () => {
  await show()
  await chooseUsers([])
  await send()
  expect(evaluate).not.toHaveBeenCalled()
  expect(document.body.textContent.split('Choose at least one user.')).toHaveLength(2)
})

it('measures the chosen users', async () => {
  await show()
  await chooseUsers(['ann', 'bob'])
  await send()
  expect(evaluate).toHaveBeenCalledExactlyOnceWith({ run: 3, users: ['ann', 'bob'], skipUnknown: false })
})
