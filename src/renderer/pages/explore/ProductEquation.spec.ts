import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ProductEquation from './ProductEquation.vue'

it('writes the factors for people and keeps them exact for tests and scripts', () => {
  const deep = { member: 'elm', title: 'Elm', linear: false, weight: 1, linearSum: null }
  const shallow = { member: 'fir', title: 'Fir', linear: true, weight: 1, linearSum: null }
  const [e, f] = [0.8213456789, 0.2501234567]
  const view = mount(ProductEquation, {
    props: {
      explanation: {
        item: {
          id: '1',
          title: 'A',
          genres: [],
          rank: 1,
          score: e * f,
          factors: [
            { ...deep, value: e, rank: 3 },
            { ...shallow, value: f, rank: 1500 },
          ],
        },
        logScore: Math.log(e * f),
        factors: [
          { ...deep, value: e, rank: 3, log: Math.log(e), share: Math.log(e) / Math.log(e * f), lift: 1 },
          {
            ...shallow,
            value: f,
            rank: 1500,
            log: Math.log(f),
            share: Math.log(f) / Math.log(e * f),
            lift: -0.25,
          },
        ],
        linearSum: null,
      },
    },
  })
  const exact = (id: string): number => Number(view.get(`[data-testid=${id}]`).attributes('data-value'))
  expect(exact('p')).toBe(exact('e') * exact('f'))
  expect(exact('log-elm') + exact('log-fir')).toBeCloseTo(exact('log-p'), 12)
  expect(view.get('[data-testid=e]').text()).toBe('0.8213')
  expect(view.text()).toContain('rank 1,500 by itself')
  expect(view.text()).toContain('−0.25')
})

it('writes the weights of a product whose weights were chosen, as powers and in the sum of logs', () => {
  const factor = (member: string, title: string, weight: number, value: number) => ({
    ...{ member, title, weight, value, rank: 1, linear: false, linearSum: null },
    ...{ log: Math.log(value), share: 0.5, lift: 0 },
  })
  const factors = [factor('ash', 'Ash', 1, 0.25), factor('fir', 'Fir', 0.625, 0.5)]
  const item = { id: '1', title: 'A', genres: [], rank: 1, score: 0.125, factors }
  const explanation = { item, logScore: Math.log(0.125), factors, linearSum: null }
  const text = mount(ProductEquation, { props: { explanation } }).text()
  expect(text).toContain('f0.625, Fir')
  expect(text).toContain('log p = log a + 0.625 log f')
})
