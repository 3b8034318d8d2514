import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withLatinDigits } from './native-digits'

const zeros = ['٠', '۰', '०', '০', '๐', '０']
const inBytes = (text: string): string => Buffer.from(text).toString('latin1')
const read = (line: string): string => Buffer.from(withLatinDigits(inBytes(line)), 'latin1').toString('utf8')
const written = (text: string, zero: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCodePoint((zero.codePointAt(0) ?? 0) + Number(digit)))

describe('withLatinDigits', () => {
  it('reads numbers, dates and times in the digits of any of these scripts, in any cell', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zeros),
        fc.constantFrom(';', '\t', '|', ','),
        fc.array(fc.constantFrom('4', '4.5', '12/02/2023', '2023-02-12 08:15', '37602', 'كتاب', 'Æ', 'K-015', ''), {
          minLength: 2,
          maxLength: 6,
        }),
        (zero, sign, cells) => {
          const others = cells.map((text) => (/\p{L}/u.test(text) ? text : written(text, zero)))
          expect(read(others.join(sign))).toBe(cells.join(sign))
        },
      ),
    )
  })

  it('does not change digits within texts', () => {
    expect(read('١;الجزء ٢;"٣"')).toBe('1;الجزء ٢;"3"')
    expect(read('a;第２巻;5')).toBe('a;第２巻;5')
  })

  it('reads the Arabic decimal mark and the mark between thousands', () => {
    expect(read('٤٫٥;١٬٢٠٠')).toBe('4.5;1,200')
  })
})
