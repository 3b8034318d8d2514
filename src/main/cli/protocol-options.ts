import { isDeepStrictEqual } from 'node:util'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { z } from 'zod'
import {
  defaultPreparation,
  defaultSplit,
  splitMethod,
  type Preparation,
  type SplitFileRef,
  type SplitSettings,
} from '../../shared/runs'
import { badInput, StudioError } from '../../shared/errors'
import type { FileHandle } from '../../shared/ids'
import { numberOrNone, numberOrNull, wholeNumber } from './options'
import { preparationNamed } from './resolve'
import type { Session } from './session'

/** How data is prepared and divided, as the command line takes it. */
export const protocolShape = {
  threshold: numberOrNull,
  /** Name of a stored preparation, which the other options change. */
  preparation: z.string().optional(),
  minInteractions: z.number(),
  minPerItem: z.number(),
  from: z.string().optional(),
  until: z.string().optional(),
  mostPopular: z.number().optional(),
  sample: z.number().optional(),
  sampleSeed: z.number(),
  catalogue: z.enum(['train', 'all']),
  /** A method, or the path of a split file. */
  split: z.string(),
  date: z.string().optional(),
  foldIn: z.number(),
  test: z.number().optional(),
  validation: z.number().optional(),
  splitSeed: z.number(),
  recallDenominator: z.enum(['min', 'all']),
}
type ProtocolOptions = z.output<z.ZodObject<typeof protocolShape>>

/** Ways to split that are named; anything else names a file. */
const methods = splitMethod.exclude(['file'])

/** Adds the options that `protocolShape` reads. */
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
    .option('--preparation <name>', 'use the filters kept under this name; options beside it change them')
    .option(
      '--min-per-item <n>',
      'leave out items with fewer positives, and repeat both minima until they hold',
      wholeNumber(1),
      defaultPreparation.minPerItem,
    )
    .option('--from <day>', 'only interactions from this day (UTC) on', day)
    .option('--until <day>', 'only interactions up to this day (UTC)', day)
    .option('--most-popular <n>', 'only so many items, those that most users have', wholeNumber(1))
    .option('--sample <share>', 'only this share of the users', share)
    .option('--sample-seed <n>', 'seed that draws the sample', wholeNumber(0), defaultPreparation.sampleSeed)
    .addOption(
      new Option('--catalogue <items>', 'items a model knows: those of the training users, or all that anybody likes')
        .choices(['train', 'all'])
        .default(defaultPreparation.catalogue),
    )
    .option('--split <how>', `${methods.options.join(', ')}, or a split file (see vasp split)`, defaultSplit.method)
    .option('--date <day>', 'with --split date: first day (UTC) of the test targets, as 2015-01-31', day)
    .option('--fold-in <share>', 'share of a held-out user’s items that the model sees', share, defaultSplit.foldIn)
    .option('--test <n>', 'test users (default: a tenth; all by time)', wholeNumber(1))
    .option('--validation <n>', 'validation users (default: a tenth; all by time)', wholeNumber(1))
    .option('--split-seed <n>', 'seed that draws the held-out users', wholeNumber(0), defaultSplit.seed)
    .addOption(
      new Option('--recall-denominator <what>', 'recall divides by min(k, targets), or by all targets')
        .choices(['min', 'all'])
        .default('min'),
    )

/** The protocol that a command's options stand for; a split file is taken into the library. Throws BAD_INPUT where there is no such way and no such file. */
export async function protocolOf(
  session: Session,
  asked: ProtocolOptions,
): Promise<{ preparation: Preparation; split: SplitSettings }> {
  const method = methods.safeParse(asked.split)
  return {
    preparation: await preparationOf(session, asked),
    split: {
      ...defaultSplit,
      method: method.success ? method.data : 'file',
      seed: asked.splitSeed,
      test: asked.test ?? null,
      validation: asked.validation ?? null,
      foldIn: asked.foldIn,
      date: asked.date ?? null,
      file: method.success ? null : await keptSplitFile(session, asked.split),
      recallDenominator: asked.recallDenominator === 'all' ? '|R|' : 'min(k, |R|)',
    },
  }
}

async function preparationOf({ client }: Session, asked: ProtocolOptions): Promise<Preparation> {
  const said: Preparation = {
    threshold: asked.threshold,
    minInteractions: asked.minInteractions,
    minPerItem: asked.minPerItem,
    from: asked.from ?? null,
    until: asked.until ?? null,
    mostPopular: asked.mostPopular ?? null,
    sample: asked.sample ?? null,
    sampleSeed: asked.sampleSeed,
    catalogue: asked.catalogue,
  }
  if (asked.preparation === undefined) return said
  const { preparation } = await preparationNamed(client, asked.preparation)
  return { ...preparation, ...changed(said, defaultPreparation) }
}

/** The values that differ from the defaults. */
export const changed = <Settings extends object>(settings: Settings, defaults: Settings): Partial<Settings> => {
  const standard = new Map(Object.entries(defaults))
  return Object.fromEntries(
    Object.entries(settings).filter(([key, value]) => !isDeepStrictEqual(value, standard.get(key))),
  ) as Partial<Settings>
}

async function keptSplitFile({ client, engine }: Session, path: string): Promise<SplitFileRef> {
  let file: FileHandle
  try {
    file = engine.adoptFile(path)
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'NOT_FOUND') throw error
    throw badInput(
      `There is no way to split called "${path}", and no file either.`,
      `Choose ${methods.options.join(', ')}, or name a split file.`,
      { cause: error },
    )
  }
  return client.splits.keep({ file })
}

/** commander parser of a share between 0 and 1, both left out. */
function share(value: string): number {
  const number = value.trim() === '' ? NaN : Number(value)
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('It takes a number between 0 and 1, as 0.8.')
  return number
}

/** commander parser of a day. */
function day(value: string): string {
  const read = z.iso.date().safeParse(value)
  if (!read.success) throw new InvalidArgumentError('It takes a day as year-month-day, as 2015-01-31.')
  return read.data
}
