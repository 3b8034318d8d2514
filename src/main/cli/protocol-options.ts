import type { Command } from 'commander'
import { z } from 'zod'
import { defaultPreparation, defaultSplit, type Preparation, type SplitSettings } from '../../shared/runs'
import { numberOrNone, wholeNumber } from './options'

/** The options that say how data becomes training, validation and test users, the same for every command that trains. */
export const protocolShape = {
  threshold: z.number().nullable(),
  minInteractions: z.number(),
  test: z.number().optional(),
  validation: z.number().optional(),
  splitSeed: z.number(),
}
type ProtocolOptions = z.output<z.ZodObject<typeof protocolShape>>

export const addProtocolOptions = (command: Command): Command =>
  command
    .optionsGroup('Data and split:')
    .option(
      '--threshold <rating>',
      'ratings from here on are positives; none: all',
      numberOrNone,
      defaultPreparation.threshold,
    )
    .option(
      '--min-interactions <n>',
      'leave out users with fewer positives',
      wholeNumber(1),
      defaultPreparation.minInteractions,
    )
    .option('--test <n>', 'test users (default: a tenth)', wholeNumber(1))
    .option('--validation <n>', 'validation users (default: a tenth)', wholeNumber(1))
    .option('--split-seed <n>', 'seed that draws the held-out users', wholeNumber(0), defaultSplit.seed)

/** The protocol that a command's options stand for. */
export const protocolOf = (asked: ProtocolOptions): { preparation: Preparation; split: SplitSettings } => ({
  preparation: { threshold: asked.threshold, minInteractions: asked.minInteractions },
  split: {
    ...defaultSplit,
    seed: asked.splitSeed,
    test: asked.test ?? null,
    validation: asked.validation ?? null,
  },
})
