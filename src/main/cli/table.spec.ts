import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listing, number, table, text } from './table'

describe('tables in a terminal', () => {
  it('sets text left, numbers right, and wide characters by the two columns they take', () => {
    const shown = table(
      [text('title'), number('score')],
      [
        ['七人の侍', '0.5'],
        ['Heat (1995)', '12.25'],
      ],
    )
    expect(shown).toBe('title        score\n七人の侍       0.5\nHeat (1995)  12.25')
  })

  it('keeps control characters of the data from reaching the terminal', () => {
    expect(table([text('title')], [['a\u001b[2Jb\nc\u009bd']])).toBe('title\na [2Jb c d')
  })

  it('cuts a title that would push the other columns off the screen', () => {
    const [, line = ''] = table([text('title'), number('n')], [['x'.repeat(200), '1']]).split('\n')
    expect(line).toBe(`${'x'.repeat(59)}…  1`)
  })

  it('cuts no cell so that it looks like another one', () => {
    const cell = fc.tuple(fc.constantFrom('y', 'x'.repeat(57), '七'.repeat(40)), fc.string({ maxLength: 6 }))
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), (cells) => {
        const plain = cells.map(([start, end]) => `${start}${end.replace(/[\p{Cc}\s…]/gu, '_')}`)
        const lines = table(
          [text('title')],
          plain.map((title) => [title]),
        ).split('\n')
        expect(new Set(lines.slice(1)).size).toBe(new Set(plain).size)
      }),
    )
  })

  it('lists names and values below each other', () => {
    expect(
      listing([
        ['+0.5', 'Heat'],
        ['−12.25', 'Alien'],
      ]),
    ).toBe('+0.5    Heat\n−12.25  Alien')
  })
})
