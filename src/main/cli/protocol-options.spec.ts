import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defaultPreparation, defaultSplit, type Preparation } from '../../shared/runs'
import { read } from './options'
import { addProtocolOptions, protocolOf, protocolShape } from './protocol-options'
import type { Session } from './session'

/** Filters that all differ from the defaults. */
const stored: Preparation = {
  threshold: 3,
  minInteractions: 7,
  minPerItem: 8,
  from: '2010-01-01',
  until: '2012-01-01',
  mostPopular: 500,
  sample: 0.5,
  sampleSeed: 9,
  catalogue: 'all',
}
const session = {
  client: {
    preparations: { list: () => Promise.resolve([{ id: 1, name: 'core', preparation: stored, createdAt: '' }]) },
  },
} as unknown as Session

function protocolAsked(...args: string[]): ReturnType<typeof protocolOf> {
  const command = addProtocolOptions(new Command().exitOverride())
  command.parse(args, { from: 'user' })
  const asked = read(z.object(protocolShape), command)
  return protocolOf(session, asked, {
    preparation: defaultPreparation,
    split: { ...defaultSplit, seed: 5, foldIn: 0.5 },
  })
}

describe('options of the protocol', () => {
  it.each([
    ['--threshold', '4', { threshold: 4 }],
    ['--threshold', 'none', { threshold: null }],
    ['--min-interactions', '5', { minInteractions: 5 }],
    ['--min-per-item', '1', { minPerItem: 1 }],
    ['--sample-seed', '1', { sampleSeed: 1 }],
    ['--catalogue', 'train', { catalogue: 'train' }],
    ['--most-popular', '10000', { mostPopular: 10_000 }],
    ['--most-popular', '50%', { mostPopular: { share: 0.5, of: null } }],
  ])('%s %s wins over a stored preparation, default or not', async (option, value, change) => {
    expect((await protocolAsked('--preparation', 'core', option, value)).preparation).toEqual({ ...stored, ...change })
  })

  it.each([
    ['--split-seed', '1', { seed: 1 }],
    ['--fold-in', '0.8', { foldIn: 0.8 }],
    ['--split', 'users', {}],
    ['--recall-denominator', 'min', {}],
  ])('%s %s wins over what an earlier run had, though it is the default', async (option, value, change) => {
    expect((await protocolAsked(option, value)).split).toEqual({ ...defaultSplit, seed: 5, foldIn: 0.5, ...change })
  })

  it.each(['0', '100%', 'half'])('--most-popular %s is refused with what it takes', (value) => {
    expect(() => protocolAsked('--most-popular', value)).toThrow(/It takes a number of items such as 500, or a share/)
  })

  it.each([
    ['--fold-in', '1', 'Enter a number above 0 and below 1.'],
    ['--sample', 'half', 'Enter a number above 0 and below 1.'],
    ['--test', '0', 'Enter a whole number, 1 or more.'],
    ['--split-seed', '1.5', 'Enter a whole number, 0 or more.'],
    ['--min-per-item', '0', 'Enter a whole number, 1 or more.'],
  ])('%s %s is refused in the contract’s words', (option, value, sentence) => {
    expect(() => protocolAsked(option, value)).toThrow(sentence)
  })

  it.each([
    [['--date', '2015-01-31'], '--date'],
    [['--sample-seed', '3'], '--sample-seed'],
    [['--split', 'leave-last-out', '--fold-in', '0.5'], '--fold-in'],
    [['--split', 'leave-last-out', '--split-seed', '3'], '--split-seed'],
  ])('%j is refused, since it changes nothing', async (args, option) => {
    await expect(protocolAsked(...args)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`${option} has no effect here`) as string,
    })
  })

  it('accepts options that have an effect through others', async () => {
    const { split, preparation } = await protocolAsked(
      '--split',
      'date',
      '--date',
      '2015-01-31',
      '--test',
      '9',
      '--split-seed',
      '3',
      '--sample',
      '0.5',
      '--sample-seed',
      '3',
    )
    expect(split).toMatchObject({ method: 'date', date: '2015-01-31', test: 9, seed: 3 })
    expect(preparation).toMatchObject({ sample: 0.5, sampleSeed: 3 })
  })
})
