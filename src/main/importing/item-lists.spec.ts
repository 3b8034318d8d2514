import { describe, expect, it } from 'vitest'
import { listFormOf } from './item-lists'

describe('the separator of the elements in cells', () => {
  it('is found if cells have several ids', () => {
    expect(listFormOf(['n157 n61', 'n3 n61 n2'])).toBe(' ')
    expect(listFormOf(['a1|b2', 'c3'])).toBe('|')
    expect(listFormOf(['["a", "b"]', '["c"]'])).toBe('brackets')
  })

  it.each(['05.01.2022 10:00', '2022-01-05 10:00:12', '05/01/2022 10.00.12', '05/01/22 10h07', '27/12/2022 à 23h41'])(
    'is nothing in a day with its time of day: %s',
    (time) => {
      expect(listFormOf([time, time.replace('05', '17')])).toBeNull()
    },
  )

  it.each([
    ['4,5', '3,0'],
    ['1\u202f204', '2\u202f310'],
    ['1.204,5', '3'],
  ])('is nothing in numbers: %s, %s', (...numbers) => {
    expect(listFormOf(numbers)).toBeNull()
  })
})
