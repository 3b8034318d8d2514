import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Router } from 'vue-router'
import { modelDescriptor } from '../../../shared/models'
import { memoryNeed } from '../../../shared/runs'
import { lateAnswer } from '../../late-answer.fixture'
import { appPlugins } from '../../mounting.fixture'
import { connections } from '../../rpc'
import ConfigFields from './ConfigFields.vue'
import { dataset, model, trainedRun } from './forms.fixture'
import NewRunPage from './NewRunPage.vue'
import { newDraft } from './run-draft'

const { train, estimate, estimateTime, advise, get } = vi.hoisted(() => ({
  train: vi.fn<(request: unknown) => Promise<unknown>>(),
  estimate: vi.fn<(request: unknown) => Promise<unknown>>(),
  estimateTime: vi.fn<(request: unknown) => Promise<unknown>>(),
  advise: vi.fn<(request: unknown) => Promise<unknown>>(),
  get: vi.fn<(request: unknown) => Promise<unknown>>(),
}))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const never = (): Promise<never> => new Promise(() => undefined)
  const client = {
    datasets: { list: () => Promise.resolve([dataset]) },
    runs: {
      list: () => Promise.resolve([]),
      models: () => Promise.resolve([model]),
      train,
      estimate,
      estimateTime,
      advise,
      get,
    },
    preparations: { list: () => Promise.resolve([]), preview: never },
    jobs: { list: () => Promise.resolve([]), watch: never },
    system: { accelerator: never, gpus: never },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let view: VueWrapper
beforeEach(async () => {
  train.mockReset().mockReturnValue(new Promise(() => undefined))
  estimate.mockReset().mockResolvedValue(memoryNeed.parse({ peak: 1, usable: 2, gpu: null }))
  estimateTime.mockReset().mockReturnValue(new Promise(() => undefined))
  advise.mockReset().mockResolvedValue({ dataset: 1, proposals: [], outlook: '' })
  get.mockReset().mockResolvedValue(trainedRun)
  sessionStorage.clear()
  await mountAt('/runs/new')
  await view.get('[data-testid=toggle-settings]').trigger('click')
})
afterEach(() => view.unmount())

async function mountAt(address: string): Promise<void> {
  const plugins = appPlugins()
  await (plugins[1] as Router).push(address)
  view = mount(NewRunPage, { attachTo: document.body, global: { plugins } })
  await flushPromises()
}

const said = (): string[] => view.findAll('[data-slot=error]').map((error) => error.text())
async function type(id: string, text: string): Promise<void> {
  await view.get(`[data-testid=${id}]`).setValue(text)
  await flushPromises()
}
async function send(): Promise<void> {
  view.get<HTMLFormElement>('form#new-run').element.requestSubmit()
  await flushPromises()
}

it('trains once however often it is clicked, and again after a failure', async () => {
  const form = view.get<HTMLFormElement>('form#new-run').element
  form.requestSubmit()
  form.requestSubmit()
  await flushPromises()
  form.requestSubmit()
  await flushPromises()
  expect(train).toHaveBeenCalledTimes(1)
})

it('trains with the shown settings, with numbers as typed', async () => {
  for (const [id, text] of [
    ['config-hidden', '64'],
    ['config-alpha', '.1'],
    ['config-stages', '1e-4x2'],
    ['threshold', ''],
    ['min-interactions', '3'],
    ['most-popular', '33%'],
    ['from-day', '2015-01-31'],
    ['sample', '0.5'],
    ['sample-seed', '9'],
    ['test-users', '50'],
    ['validation-users', ''],
    ['fold-in', '0.75'],
    ['split-seed', '7'],
    ['training-seed', '8'],
    ['run-name', ' small '],
  ] as const)
    await type(id, text)
  expect(said()).toEqual([])
  await send()
  const request = {
    dataset: 1,
    model: 'yew',
    preset: 'compact',
    overrides: { hidden: 64, alpha: 0.1, stages: '1e-4x2' },
    seed: 8,
    preparation: {
      threshold: null,
      minInteractions: 3,
      minPerItem: 1,
      from: '2015-01-31',
      until: null,
      mostPopular: { share: 0.33, of: null },
      sample: 0.5,
      sampleSeed: 9,
      catalogue: 'train',
    },
    split: {
      method: 'users',
      seed: 7,
      test: 50,
      validation: null,
      foldIn: 0.75,
      date: null,
      file: null,
      recallDenominator: 'min(k, |R|)',
    },
    name: 'small',
    members: null,
  }
  expect(train.mock.calls).toEqual([[request]])
  // What is asked of its memory is what is trained, whatever its name and seed.
  expect(estimate.mock.lastCall?.[0]).toEqual({ ...request, name: null, seed: 1 })
})

it.each([
  ['config-hidden', '0', 'Enter a whole number from 1 to 4,096.'],
  ['config-hidden', '', 'Enter a whole number from 1 to 4,096.'],
  ['config-alpha', '0', 'Enter a number above 0 and below 1.'],
  ['config-stages', '15', 'Enter a rate, “x” and a number, as 1e-3x15.'],
  ['threshold', 'four', 'Enter a number.'],
  ['min-interactions', '0', 'Enter a whole number, 1 or more.'],
  ['min-per-item', '1.5', 'Enter a whole number, 1 or more.'],
  ['most-popular', '0', 'Enter a number of items such as 500, or a share of the catalogue below 100 % such as 33%.'],
  ['sample', '1', 'Enter a number above 0 and below 1.'],
  ['fold-in', '1', 'Enter a number above 0 and below 1.'],
  ['test-users', '599', /^Only 600 users: 659 held out leave 0 to train on; at least 5 are needed\.$/],
  ['validation-users', '-1', 'Enter a whole number, 1 or more.'],
  ['split-seed', '', 'Enter a whole number, 0 or more.'],
  ['training-seed', 'x', 'Enter a whole number, 0 or more.'],
  ['run-name', 'x'.repeat(121), 'Enter a shorter name: it may have at most 120 characters.'],
])('trains nothing with %s “%s”, and asks nothing of its memory', async (id, text, sentence) => {
  estimate.mockClear()
  await type(id, text)
  expect(said()).toEqual([expect.stringMatching(sentence)])
  await send()
  expect(train).not.toHaveBeenCalled()
  expect(estimate).not.toHaveBeenCalled()
  expect(document.activeElement?.getAttribute('data-testid')).toBe(id)
  expect(view.find('[data-testid=memory-need]').exists()).toBe(false)
})

it('says of every typed setting what it is for, and what may be typed, before anything is wrong', () => {
  const textAt = (id: string): string =>
    view.get(`[data-testid=${id}]`).element.closest('[data-slot=root]:has([data-slot=help])')?.textContent ?? ''
  expect(said()).toEqual([])
  expect(textAt('config-hidden')).toMatch(/Width\.\s*A whole number from 1 to 4,096\./)
  expect(textAt('config-stages')).toMatch(/Rates\.\s*A rate, “x” and a number, as 1e-3x15\./)
  for (const id of [
    'config-alpha',
    'min-interactions',
    'min-per-item',
    'sample',
    'fold-in',
    'test-users',
    'split-seed',
  ])
    expect(textAt(id), id).toMatch(/above 0 and below 1|1 or more|from 0/)
})

it('shows the settings of models in the product alone, and those that were changed', async () => {
  const ofOak = { key: 'members', values: ['oak'] }
  const product = modelDescriptor.parse({
    ...model,
    fields: [
      { type: 'several', key: 'members', label: 'Members', help: '', options: ['oak', 'elm'] },
      ...model.fields.map((field) => (field.key === 'hidden' ? { ...field, onlyWith: ofOak } : field)),
    ],
    presets: model.presets.map((preset) => ({ ...preset, config: { ...preset.config, members: 'elm' } })),
  })
  const draft = newDraft(dataset, [product])
  const fields = mount(ConfigFields, {
    props: { draft, model: product, presetLabel: 'Compact' },
    global: { plugins: appPlugins() },
  })
  expect(fields.get('dl').text()).not.toContain('Hidden')
  await fields.get('[data-testid=toggle-settings]').trigger('click')
  await fields.setProps({ draft: { ...draft, overrides: { members: 'elm,oak' } } })
  expect(fields.get('[data-testid=config-hidden]').isVisible()).toBe(true)
  await fields.setProps({ draft: { ...draft, overrides: { hidden: 64 } } })
  expect(fields.find('[data-testid=config-hidden]').exists()).toBe(true)
  await fields.setProps({ draft })
  expect(fields.find('[data-testid=config-hidden]').exists()).toBe(false)
  fields.unmount()
})

it('says beside an estimate that others computed meanwhile, and measures again when asked', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const estimated = { before: 1, epochs: 15, epoch: 2, after: 1, total: 32, error: 0.1, mayStopEarly: false }
    const measured = { ...estimated, basis: 'steps', measured: 4, others: { busy: 0, of: 2 }, meanwhile: null }
    estimateTime
      .mockReset()
      .mockResolvedValueOnce({ ...measured, meanwhile: 'Train oak' })
      .mockResolvedValue(measured)
    await type('config-hidden', '63')
    await vi.advanceTimersByTimeAsync(2000)
    await flushPromises()
    expect(view.get('[data-testid=time-doubt]').text()).toContain('“Train oak” was computing while this was measured')
    await view.get('[data-testid=time-doubt] button').trigger('click')
    await flushPromises()
    expect(view.get('[data-testid=time-need]').text()).toContain('About 32 s')
    expect(view.find('[data-testid=time-doubt]').exists()).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})

it('says what a number counts, in the field and in the summary', async () => {
  const field = view.get('[data-testid=config-hidden]').element.closest('[data-slot=root]')
  expect(field?.textContent).toContain('units')
  await view.get('[data-testid=toggle-settings]').trigger('click')
  expect(view.get('dl').text()).toMatch(/Hidden\s*\d+\s*units/)
})

it('does not hide settings that have to be corrected', async () => {
  await type('config-hidden', '0')
  expect(view.get('[data-testid=toggle-settings]').attributes('disabled')).toBeDefined()
  await type('config-hidden', '512')
  await view.get('[data-testid=toggle-settings]').trigger('click')
  expect(view.find('[data-testid=config-hidden]').exists()).toBe(false)
})

it('begins with the settings of an earlier run, and keeps typed values when they arrive again', async () => {
  view.unmount()
  const asked = lateAnswer<unknown>()
  get.mockReturnValueOnce(asked.promise).mockResolvedValue({ ...trainedRun, name: 'renamed' })
  await mountAt('/runs/new?from=9')
  expect(view.find('form#new-run').exists()).toBe(false)
  asked.resolve(trainedRun)
  await flushPromises()
  await type('run-name', 'wider')
  // As after a lost connection.
  connections.value++
  await flushPromises()
  expect(get).toHaveBeenCalledTimes(2)
  await send()
  expect(train.mock.lastCall).toMatchObject([
    { name: 'wider', overrides: { hidden: 1024 }, preparation: { threshold: 3 }, split: { seed: 7 } },
  ])
})
