import { expect, test } from 'vitest'
import { reasonsInWords } from './rejected-words'

test('each reason has its rows and what keeps them', () => {
  const reasons = [
    { reason: 'count is 0', count: 25 },
    { reason: 'time is not a time', count: 2 },
    { reason: 'no time', count: 1 },
    { reason: 'no item id', count: 1 },
  ]
  expect(reasonsInWords(reasons, 'option')).toBe(
    'count is 0 (25 rows; --count none keeps them), time is not a time (2 rows; --missing-times oldest keeps them), no time (1 row; --missing-times oldest keeps it), no item id (1 row)',
  )
  expect(reasonsInWords(reasons.slice(0, 1), 'control')).toBe('count is 0 (25 rows; no column as Count keeps them)')
  expect(reasonsInWords(reasons.slice(0, 1), null)).toBe('count is 0 (25 rows)')
  expect(reasonsInWords([{ reason: 'too many columns', count: 2 }], 'option')).toBe(
    'too many columns (2 rows; --delimiter and --quote decide where cells end)',
  )
  expect(reasonsInWords([{ reason: 'a quote is not closed', count: 1 }], 'control')).toBe(
    'a quote is not closed (1 row; Separator and Quotes decide where cells end)',
  )
  const rare = ['no rating', 'rating is NaN', 'no user id', 'no event type'].map((reason) => ({ reason, count: 3 }))
  const many = [...reasons, ...rare]
  expect(reasonsInWords(many, null)).toMatch(/, other reasons \(6 rows\)$/)
})
