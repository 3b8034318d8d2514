import { describe, expect, it } from 'vitest'
import { columnsOf, idsOf, unratedOf, valuesOf } from './reading-options'

describe('values of words', () => {
  it('are words with numbers, which may be negative or have decimals', () => {
    expect(valuesOf('good=3, very good = 4.5,poor=-1')).toEqual({ good: 3, 'very good': 4.5, poor: -1 })
    expect(valuesOf('a=b=2')).toEqual({ 'a=b': 2 })
  })

  it.each(['good', 'good=', '=3', 'good=many', '', ','])('are refused as %j with an example', (text) => {
    expect(() => valuesOf(text)).toThrow('"good=3,fair=2,poor=1"')
  })
})

describe('users to leave out', () => {
  it('are ids of all options together, each once', () => {
    expect(idsOf('anonymous, unknown', idsOf('unknown,0'))).toEqual(['unknown', '0', 'anonymous'])
  })

  it('are refused without a name', () => {
    expect(() => idsOf(' , ')).toThrow('"anonymous,unknown"')
  })
})

describe('columns of a matrix', () => {
  it('are names of all options together, those with commas or quotes in quotes', () => {
    expect(columnsOf('Age, "Doe, Ann" ,"5"" disk"', columnsOf('z,Age'))).toEqual(['z', 'Age', 'Doe, Ann', '5" disk'])
  })

  it('are refused without a name', () => {
    expect(() => columnsOf(' , ')).toThrow('Age,"Doe, Ann"')
  })
})

describe('what is not rated', () => {
  it('are numbers and words, or none', () => {
    expect(unratedOf('99,not seen')).toEqual(['99', 'not seen'])
    expect(unratedOf('none')).toEqual([])
  })
})
