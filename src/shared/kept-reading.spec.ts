import { describe, expect, it } from 'vitest'
import { keptReading, mappedColumns, withSaid } from './kept-reading'
import type { Choice } from './reading'

const choice = (about: Choice['about'], value: string): Choice => ({
  about,
  file: null,
  column: 'c',
  value,
  certainty: 'certain',
  evidence: '',
  affectsData: true,
  control: 'Dates',
  option: '',
})

describe('the reading that a newer export is read by', () => {
  it('keeps what files need not prove: the order of dates and the marks of numbers', () => {
    expect(keptReading({}, [choice('dates', 'day first'), choice('dates', 'two-digit years as 1969 … 2068')])).toEqual({
      dateOrder: 'dayFirst',
    })
    expect(keptReading({}, [choice('numbers', 'decimal comma, thousands grouped by points')])).toEqual({
      decimalComma: true,
      thousands: 'point',
    })
    expect(keptReading({}, [choice('numbers', 'decimal point')])).toEqual({ decimalComma: false })
    expect(keptReading({}, [choice('numbers', 'stars as their number')])).toEqual({})
    expect(keptReading({}, [choice('numbers', 'decimal point and decimal comma')])).toEqual({})
  })

  it('lets what a person said win, and tells anew what every file shows', () => {
    const found = [choice('dates', 'month first'), choice('encoding', 'UTF-8'), choice('times', 'seconds since 1970')]
    expect(keptReading({ dateOrder: 'dayFirst', encoding: 'windows-1250', skip: 2 }, found)).toEqual({
      dateOrder: 'dayFirst',
      encoding: 'windows-1250',
      skip: 2,
    })
  })

  it('is what was said before where nothing else is said now, of the file of items choice by choice', () => {
    const before = { skip: 2, encoding: 'windows-1250', items: { encoding: 'windows-1250', part: 'May' } } as const
    expect(withSaid(before, { skip: 1, items: { part: 'June' } })).toEqual({
      skip: 1,
      encoding: 'windows-1250',
      items: { encoding: 'windows-1250', part: 'June' },
    })
    expect(withSaid(before, {})).toEqual(before)
    expect(withSaid({}, { skip: 1 })).toEqual({ skip: 1 })
  })

  it('names each mapped column once', () => {
    const event = { column: 'what', counted: null }
    expect(mappedColumns({ user: 'u', item: 'i', rating: null, time: 't', event, count: 't' })).toEqual([
      'u',
      'i',
      't',
      'what',
    ])
  })
})
