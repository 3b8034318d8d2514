import { expect, it } from 'vitest'
import { numberSchema, share, wholeNumber } from './number-rules'

it.each([
  [numberSchema({}), 'Enter a number.', [-1, 0.5], ['1', null, undefined, NaN, Infinity]],
  [wholeNumber(0), 'Enter a whole number, 0 or more.', [0, 7], [-1, 0.5, '0', 1e20]],
  [wholeNumber(10, 10_000), 'Enter a whole number from 10 to 10,000.', [10, 10_000], [9, 10_001, 10.5, null]],
  [numberSchema({ min: 2, max: 1000 }), 'Enter a number from 2 to 1,000.', [2, 2.5, 1000], [1.9, 1000.1]],
  [share(), 'Enter a number above 0 and below 1.', [0.001, 0.999], [0, 1, -0.5]],
  [numberSchema({ min: 0, below: 1 }), 'Enter a number from 0 and below 1.', [0, 0.9], [1, -0.1]],
  [numberSchema({ above: 0, max: 1e3 }), 'Enter a number above 0 and at most 1,000.', [1e-7, 1000], [0, 1001]],
])('takes numbers by its rule, and says of all others: %#', (schema, sentence, good, bad) => {
  for (const value of good) expect(schema.parse(value)).toBe(value)
  for (const value of bad)
    expect(
      schema.safeParse(value).error?.issues.map(({ message }) => message),
      String(value),
    ).toEqual([sentence])
})
