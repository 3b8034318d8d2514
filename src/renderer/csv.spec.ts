import { describe, expect, it } from 'vitest'
import { csvText } from './csv'

describe('csvText', () => {
  it('quotes commas, quotes and line ends, and keeps numbers and gaps', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x, "y"', -1.5],
          ['line\nend', null],
        ],
      ),
    ).toBe('a,b\n"x, ""y""",-1.5\n"line\nend",\n')
  })

  it('takes the sting out of text that a spreadsheet would run', () => {
    expect(csvText(['t'], [['=1+1'], ['@x'], ['-2']])).toBe("t\n'=1+1\n'@x\n'-2\n")
  })
})
