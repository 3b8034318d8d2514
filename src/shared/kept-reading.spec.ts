import { describe, expect, it } from 'vitest'
import { asVersionBefore, keptReading, mappedColumns, withSaid } from './kept-reading'
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

describe('what a newer export has in common with the version before', () => {
  const before = {
    version: 2,
    mapping: { user: 'who', item: 'what', rating: null, time: 'at' },
    reading: { dateOrder: 'dayFirst', delimiter: ';' },
    duplicates: 'last',
  } as const
  const said = (about: Choice['about'], column: string | null, value: string, evidence: string): Choice => ({
    ...choice(about, value),
    column,
    evidence,
  })

  it('has that version for evidence, not a person who may never have said so', () => {
    const evidence = (choices: Choice[], now = {}): string[] =>
      asVersionBefore(choices, before, { ...before.reading, ...now }).map((one) => one.evidence)
    expect(
      evidence([
        said('column', 'who', 'user', 'It was chosen.'),
        said('column', 'else', 'item', 'It was chosen.'),
        said('column', 'who', 'item', 'It was chosen.'),
        said('dates', 'at', 'day first', 'You said so.'),
        said('dates', 'at', 'day first', 'You said so, but line 2 has 02/13/2024.'),
        said('separator', null, 'semicolon', 'It was chosen.'),
        said('separator', null, 'semicolon', 'All 4 lines examined have 3 cells with it.'),
      ]),
    ).toEqual([
      'As in version 2.',
      'It was chosen.',
      'It was chosen.',
      'As in version 2.',
      'As in version 2, but line 2 has 02/13/2024.',
      'As in version 2.',
      'All 4 lines examined have 3 cells with it.',
    ])
    // The file of items has another separator than then, that of the ratings is the same.
    const ofItems = { ...said('separator', null, 'comma', 'It was chosen.'), control: 'Items separator' } as const
    expect(evidence([ofItems], { items: { delimiter: ',' } })).toEqual(['It was chosen.'])
    expect(evidence([said('dates', 'at', 'month first', 'You said so.')], { dateOrder: 'monthFirst' })).toEqual([
      'You said so.',
    ])
  })
})

describe('the reading that a newer export is read by', () => {
  it('keeps settings that files need not prove: the order of dates and the marks of numbers', () => {
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

  it('prefers a person’s choices, and detects again what every file shows', () => {
    const found = [choice('dates', 'month first'), choice('encoding', 'UTF-8'), choice('times', 'seconds since 1970')]
    expect(keptReading({ dateOrder: 'dayFirst', encoding: 'windows-1250', skip: 2 }, found)).toEqual({
      dateOrder: 'dayFirst',
      encoding: 'windows-1250',
      skip: 2,
    })
  })

  it('keeps earlier options that are not given again, for the file of items one by one', () => {
    const before = { skip: 2, encoding: 'windows-1250', items: { encoding: 'windows-1250', table: 'May' } } as const
    expect(withSaid(before, { skip: 1, items: { table: 'June' } })).toEqual({
      skip: 1,
      encoding: 'windows-1250',
      items: { encoding: 'windows-1250', table: 'June' },
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
