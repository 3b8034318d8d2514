import { Command } from 'commander'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exportRequest } from '../../shared/exports'
import { idList, keyValue, numberBy, numberOrNone, numberOrNull, read, rowLimit, wholeNumber } from './options'

describe('option values', () => {
  it('takes whole numbers of the range and nothing else', () => {
    const k = wholeNumber(1, 1000)
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), (n) => k(String(n)) === n))
    for (const wrong of ['0', '1001', '-1', '1.5', '1e2', '', 'ten', '0x10', '99999999999999999999'])
      expect(() => k(wrong), wrong).toThrow('from 1 to 1000')
    expect(() => wholeNumber(0)('-1')).toThrow('from 0 on')
  })

  it('accepts the contract’s numbers, and repeats its message for others', () => {
    const k = numberBy(exportRequest.shape.k)
    expect(k(' 20 ')).toBe(20)
    for (const wrong of ['0', '1001', '1.5', '', 'ten'])
      expect(() => k(wrong), wrong).toThrow('Enter a whole number from 1 to 1,000.')
  })

  it('takes a number, or none', () => {
    expect(numberOrNone('3.5')).toBe(3.5)
    expect(numberOrNone('none')).toBe('none')
    for (const wrong of ['', ' ', 'four', 'NaN', 'Infinity'])
      expect(() => numberOrNone(wrong), wrong).toThrow('or none')
  })

  it('reads none as no number, through commander', () => {
    const given = (...args: string[]) =>
      read(
        z.object({ threshold: numberOrNull }),
        new Command().option('--threshold <rating>', '', numberOrNone, 4).parse(args, { from: 'user' }),
      )
    expect(given()).toEqual({ threshold: 4 })
    expect(given('--threshold', '3.5')).toEqual({ threshold: 3.5 })
    expect(given('--threshold', 'none')).toEqual({ threshold: null })
  })

  it('collects settings, the later one winning, and keeps = inside a value', () => {
    expect(keyValue('stages=1e-3x15,1e-4x5', { seed: '1' })).toEqual({ seed: '1', stages: '1e-3x15,1e-4x5' })
    expect(keyValue('a=b=c', { a: 'x' })).toEqual({ a: 'b=c' })
    for (const wrong of ['latent', '=256', '']) expect(() => keyValue(wrong), wrong).toThrow('key=value')
  })

  it('takes a number of rows or a share of them', () => {
    expect(rowLimit('0')).toEqual({ rows: 0 })
    expect(rowLimit(' 100 ')).toEqual({ rows: 100 })
    expect(rowLimit('2.5%')).toEqual({ share: 0.025 })
    for (const wrong of ['', '%', '1.5', '101%', '-1', 'ten', '5 %'])
      expect(() => rowLimit(wrong), wrong).toThrow('as 5%')
  })

  it('splits ids at commas and refuses a list without any', () => {
    expect(idList(' 1, 50 ,tt01,')).toEqual(['1', '50', 'tt01'])
    expect(() => idList(' , ')).toThrow('separated by commas')
  })
})
