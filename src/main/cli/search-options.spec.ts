import { expect, test } from 'vitest'
import { gridValues, randomRange } from './search-options'

test('grids collect, with bars around values that hold commas', () => {
  expect(gridValues('gamma=0, 1 ,2', gridValues('stages=1e-3x2,1e-4x1|1e-3x3'))).toEqual({
    gamma: ['0', '1', '2'],
    stages: ['1e-3x2,1e-4x1', '1e-3x3'],
  })
  for (const wrong of ['gamma', '=1', 'gamma=']) expect(() => gridValues(wrong)).toThrow('It takes key=value')
})

test('ranges collect, on either scale', () => {
  expect(randomRange('hidden=32..64', randomRange('alpha=5e-2..0.5:log'))).toEqual({
    alpha: { low: 0.05, high: 0.5, log: true },
    hidden: { low: 32, high: 64, log: false },
  })
  expect(randomRange('a=-1..1')).toEqual({ a: { low: -1, high: 1, log: false } })
  for (const wrong of ['alpha', 'alpha=1', 'alpha=a..b', 'alpha=1..2:lin'])
    expect(() => randomRange(wrong)).toThrow('It takes key=low..high')
})
