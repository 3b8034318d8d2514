import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, reactive, type Component } from 'vue'
import { z } from 'zod'
import { wholeNumber } from '../../shared/number-rules'
import { appPlugins } from '../mounting.fixture'
import NumberField from './NumberField.vue'
import SchemaForm from './SchemaForm.vue'

const schema = z
  .object({ few: wholeNumber(1, 10), many: wholeNumber(1, 100).nullable(), hidden: z.string().min(1, 'Say why.') })
  .superRefine(({ few, many }, context) => {
    if (many !== null && many < few) context.addIssue({ code: 'custom', path: ['many'], message: 'Fewer than few.' })
  })

let view: VueWrapper
const sent = vi.fn()
const state = reactive<Record<string, number | string | null>>({})
function show(initial: Partial<Record<'few' | 'many' | 'hidden', number | string | null>> = {}): void {
  sent.mockReset()
  Object.assign(state, { few: 2, many: 20, hidden: 'because', ...initial })
  const page = defineComponent({
    components: { SchemaForm: SchemaForm as Component, NumberField: NumberField as Component },
    setup: () => ({ schema, state, sent }),
    template: `
      <SchemaForm id="form" :schema="schema" :state="state" @submit="sent">
        <NumberField v-model="state.few" name="few" label="Few" testid="few" />
        <NumberField v-model="state.many" name="many" label="Many" testid="many" />
      </SchemaForm>`,
  })
  view = mount(page, { attachTo: document.body, global: { plugins: appPlugins() } })
}
afterEach(() => view.unmount())

const field = (name: string): HTMLInputElement => view.get<HTMLInputElement>(`[data-testid=${name}]`).element
const said = (): string[] => view.findAll('[data-slot=error]').map((error) => error.text())
async function type(name: string, text: string): Promise<void> {
  await view.get(`[data-testid=${name}]`).setValue(text)
  await flushPromises()
}
async function send(): Promise<void> {
  await view.get('form').trigger('submit')
  await flushPromises()
}

it('sends typed values as the schema parses them', async () => {
  show()
  await type('few', ' 7 ')
  await type('many', '')
  expect(said()).toEqual([])
  await send()
  expect(sent.mock.calls).toEqual([[{ few: 7, many: null, hidden: 'because' }]])
})

it('shows errors at a field while it is typed, and removes them when another field solves them', async () => {
  show()
  expect(said()).toEqual([])
  await type('many', '1')
  expect(said()).toEqual(['Fewer than few.'])
  expect(field('many').getAttribute('aria-invalid')).toBe('true')
  expect(document.getElementById(field('many').getAttribute('aria-describedby') ?? '')?.textContent.trim()).toBe(
    'Fewer than few.',
  )
  await type('few', '1')
  expect(said()).toEqual([])
})

it('sends nothing that is not valid, and leads to the first field that is not', async () => {
  show({ few: 'x', many: 1000 })
  await send()
  expect(sent).not.toHaveBeenCalled()
  expect(said()).toEqual(['Enter a whole number from 1 to 10.', 'Enter a whole number from 1 to 100.'])
  expect(document.activeElement).toBe(field('few'))
  await type('few', '3')
  await send()
  expect(document.activeElement).toBe(field('many'))
})

it('shows errors without a field below the fields', async () => {
  show({ hidden: '' })
  await send()
  expect(sent).not.toHaveBeenCalled()
  expect(view.get('[data-testid=form-problems]').text()).toBe('Say why.')
  state['hidden'] = 'because'
  await flushPromises()
  expect(view.find('[data-testid=form-problems]').exists()).toBe(false)
})

it('keeps a number as it is typed, and shows one that is set', async () => {
  show()
  await type('few', '1e')
  expect(state['few']).toBe('1e')
  await type('few', '1e0')
  expect([state['few'], field('few').value]).toEqual([1, '1e0'])
  state['few'] = 5
  await flushPromises()
  expect(field('few').value).toBe('5')
})
