import { flushPromises, mount, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { ExplainedFactor, Explanation, LinearSum } from '../../../shared/explore'
import type { RunId } from '../../../shared/ids'
import { appPlugins } from '../../mounting.fixture'
import ExplanationPanel from './ExplanationPanel.vue'
import { useExplore } from './explore.store'

const answered = vi.hoisted(() => ({ explanation: null as Explanation | null }))
vi.mock('../../rpc', async () => {
  const { shallowRef } = await import('vue')
  const never = (): Promise<never> => new Promise(() => undefined)
  const list = { run: 1, source: 'model', history: [], unknown: [] }
  const client = {
    explore: {
      recommend: () => Promise.resolve({ ...list, items: [answered.explanation?.item] }),
      explain: () => Promise.resolve({ ...list, explanations: [answered.explanation] }),
    },
    jobs: { list: never, watch: never },
    runs: { list: () => Promise.resolve([]), models: () => Promise.resolve([]) },
  }
  return { client, connection: shallowRef('open'), connections: shallowRef(1) }
})

let view: VueWrapper
afterEach(() => view.unmount())

const sumOf = (logits: readonly number[], intercept = 0): LinearSum => ({
  logit: logits.reduce((sum, logit) => sum + logit, intercept),
  intercept,
  contributions: logits.map((logit, at) => ({ id: String(at), title: `Item ${at}`, genres: [], logit })),
})
const factorOf = (title: string, linearSum: LinearSum | null, weight = 1): ExplainedFactor => ({
  ...{ member: title.toLowerCase(), title, linear: linearSum !== null, weight, linearSum },
  ...{ value: 0.5, rank: 1, log: Math.log(0.5), share: 0.5, lift: 0 },
})

async function shown(factors: ExplainedFactor[], linearSum: LinearSum | null = null): Promise<DOMWrapper<Element>[]> {
  const item = { id: '9', title: 'Nine', genres: [], rank: 1, score: 0.25, factors }
  answered.explanation = { item, logScore: factors.length > 0 ? Math.log(0.25) : null, factors, linearSum }
  view = mount(ExplanationPanel, { global: { plugins: appPlugins() } })
  Object.assign(useExplore(), { run: 1 as RunId, user: '7', shown: true })
  await vi.waitFor(() => expect(view.find('[data-testid=explained-title]').exists()).toBe(true))
  await flushPromises()
  return view.findAll('[data-testid=contributions]')
}

const valuesIn = (list: DOMWrapper<Element>, id: string): number[] =>
  list.findAll(`[data-testid=${id}]`).map((shownValue) => Number(shownValue.attributes('data-value')))
/** What eyes and screen readers are told alike. */
function headingOf(list: DOMWrapper<Element>): string {
  const heading = list.get('h3').text()
  expect(list.attributes('aria-label')).toBe(heading)
  return heading
}

it('lists the contributions to each of two linear members under its name and in its colour', async () => {
  const [ash, fir] = [sumOf([2, 0.5, -1], -0.75), sumOf([0.25, 3, 1])]
  const lists = await shown([factorOf('Ash', ash), factorOf('Elm', null), factorOf('Fir', fir, 0.5)])
  expect(lists.map((list) => list.attributes('data-member'))).toEqual(['ash', 'fir'])
  expect(lists.map(headingOf)).toEqual(['Contributions to Ash', 'Contributions to Fir'])
  for (const [l, { logit, intercept, contributions }] of [ash, fir].entries()) {
    const list = lists[l]!
    expect(valuesIn(list, 'contribution')).toEqual(contributions.map((one) => one.logit))
    expect(valuesIn(list, 'linear-logit')).toEqual([logit])
    expect(valuesIn(list, 'intercept')).toEqual(intercept === 0 ? [] : [intercept])
  }
  expect(lists[0]!.text()).toContain('Ash’s logit is exactly the sum of one weight per item of the history and the')
  expect(lists[1]!.text()).toContain('Fir’s logit is exactly the sum of one weight per item of the history; its')
  expect(lists[1]!.text()).toContain('to the power of 0.5')
  // The equation's colours, each member's own.
  expect(lists.map((list) => list.findAll('.bg-linear').length)).toEqual([2, 0])
  expect(lists.map((list) => list.findAll('.bg-member-1').length)).toEqual([0, 3])
  expect(view.get('[data-testid=equation] [data-testid=f]').classes()).toContain('text-member-1')
})

it('folds each list by itself', async () => {
  const many = sumOf(Array.from({ length: 20 }, (_, at) => 20 - at))
  const lists = await shown([factorOf('Ash', many), factorOf('Fir', many)])
  await lists[1]!.get('[data-testid=all-contributions]').trigger('click')
  expect(lists.map((list) => valuesIn(list, 'contribution').length)).toEqual([16, 20])
})

it('shows one list without a name for one linear member, and for a score that is linear itself', async () => {
  const sum = sumOf([1, -2])
  const ofMember = await shown([factorOf('Elm', null), factorOf('Fir', sum)])
  expect(ofMember.map(headingOf)).toEqual(['Contributions of the history'])
  expect(ofMember[0]!.findAll('.bg-linear')).toHaveLength(1)
  expect(ofMember[0]!.text()).toContain('Fir’s logit is exactly the sum')
  view.unmount()

  const ofScore = await shown([], sum)
  expect(ofScore.map(headingOf)).toEqual(['Contributions of the history'])
  expect(ofScore[0]!.findAll('.bg-linear')).toHaveLength(1)
  expect(ofScore[0]!.text()).toContain('The score is exactly the sum')
  expect(ofScore[0]!.text()).not.toContain('σ')
})

it('shows no list where nothing is linear', async () => {
  expect(await shown([factorOf('Elm', null), factorOf('Two-Maple', null)])).toEqual([])
})
