import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import { defineComponent, nextTick, ref } from 'vue'
import { StudioError } from '../shared/errors'
import { useSubmission } from './submission'

/** The form of a dialog that is there. */
function formOf(...args: Parameters<typeof useSubmission>): ReturnType<typeof useSubmission> {
  let form: ReturnType<typeof useSubmission> | null = null
  const dialog = defineComponent({ setup: () => void (form = useSubmission(...args)), render: () => null })
  mount(dialog, { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  return form!
}

const refusal = new StudioError({ code: 'CONFLICT', message: 'It is taken.', next: 'Choose another name.' })

describe('a form in a dialog', () => {
  test('closes when it worked, unless it has something to show', async () => {
    for (const closes of [true, false]) {
      const open = ref(true)
      const { submit, working } = formOf(open, () => Promise.resolve(), { closes })
      const done = submit()
      await nextTick()
      expect(working.value).toBe(true)
      await done
      expect([open.value, working.value]).toEqual([!closes, false])
    }
  })

  test('is sent once however often it is clicked, and again when it is opened again', async () => {
    const open = ref(true)
    let sent = 0
    const { submit } = formOf(open, () => new Promise(() => sent++))
    void submit()
    void submit()
    await flushPromises()
    expect(sent).toBe(1)
    open.value = false
    await nextTick()
    open.value = true
    await nextTick()
    void submit()
    await flushPromises()
    expect(sent).toBe(2)
  })

  test('shows why it failed until it is opened again', async () => {
    const open = ref(true)
    const { submit, working, failure } = formOf(open, () => Promise.reject(refusal))
    await submit()
    expect([open.value, working.value, failure.value?.message]).toEqual([true, false, 'It is taken.'])
    open.value = false
    await nextTick()
    expect(failure.value).toBeNull()
  })

  test('aborts its work when it is closed, and ignores its error', async () => {
    const open = ref(true)
    const { submit, working, failure } = formOf(
      open,
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(refusal))),
    )
    const done = submit()
    await flushPromises()
    open.value = false
    await done
    await flushPromises()
    expect([working.value, failure.value]).toEqual([false, null])
  })
})
