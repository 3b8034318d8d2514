import { InvalidArgumentError, Option, type Command } from 'commander'
import { z } from 'zod'
import type { Dataset } from '../../shared/datasets'
import { protocolKeys, protocolValues, splitMethodTexts, type Protocol, type ProtocolKey } from '../../shared/protocol'
import {
  defaultPreparation,
  defaultSplit,
  preparation,
  splitMethod,
  splitSettings,
  type SplitFileRef,
  type SplitSettings,
} from '../../shared/runs'
import { badInput, StudioError } from '../../shared/errors'
import type { FileHandle } from '../../shared/ids'
import { mostPopular, mostPopularForms, mostPopularFrom, type MostPopular } from '../../shared/most-popular'
import { numberBy, numberOrNone, numberOrNull } from './options'
import { preparationNamed } from './resolve'
import type { Session } from './session'

/** Options for preparing and dividing data; options that are not given are undefined. */
export const protocolShape = {
  threshold: numberOrNull.optional(),
  /** Name of a saved preparation, which the other options change. */
  preparation: z.string().optional(),
  minInteractions: z.number().optional(),
  minPerItem: z.number().optional(),
  from: z.string().optional(),
  until: z.string().optional(),
  mostPopular: mostPopular.optional(),
  sample: z.number().optional(),
  sampleSeed: z.number().optional(),
  catalogue: z.enum(['train', 'all']).optional(),
  /** A method, or the path of a split file. */
  split: z.string().optional(),
  date: z.string().optional(),
  foldIn: z.number().optional(),
  test: z.number().optional(),
  validation: z.number().optional(),
  splitSeed: z.number().optional(),
  recallDenominator: z.enum(['min', 'all']).optional(),
}
type ProtocolOptions = z.output<z.ZodObject<typeof protocolShape>>

/** The contract's schema of each setting. */
const { shape: filters } = preparation
const { shape: sizes } = splitSettings

/** The named methods; any other text is a file. */
const methods = splitMethod.exclude(['file'])

/**
 * Adds the options that `protocolShape` reads. Defaults are only in the text: a given value must replace that of a saved preparation or
 * an earlier run, even if it is the default.
 */
export const addProtocolOptions = (command: Command): Command =>
  command
    .optionsGroup('Data and split:')
    .option('--threshold <value>', likedHelp, numberOrNone)
    .option(
      '--min-interactions <n>',
      `leave out users with fewer liked items (default: ${defaultPreparation.minInteractions})`,
      numberBy(filters.minInteractions),
    )
    .option('--preparation <name>', 'use saved filters; other options change them')
    .option(
      '--min-per-item <n>',
      `leave out items that fewer users like; repeated until both minimums hold (k-core; default: ${defaultPreparation.minPerItem})`,
      numberBy(filters.minPerItem.unwrap()),
    )
    .option('--from <day>', 'only interactions from this day (UTC) on', day)
    .option('--until <day>', 'only interactions up to this day (UTC)', day)
    .option(
      '--most-popular <n>',
      'only this many items, those of the most users; 33%: that share of the catalogue, by training users’ liked items',
      popular,
    )
    .option(
      '--sample <share>',
      'only this share of the users, chosen at random',
      numberBy(filters.sample.unwrap().unwrap()),
    )
    .option(
      '--sample-seed <n>',
      `seed of the sample (default: ${defaultPreparation.sampleSeed})`,
      numberBy(filters.sampleSeed.unwrap()),
    )
    .addOption(
      new Option(
        '--catalogue <items>',
        `items that a model knows: those that training users like, or those that any user likes (default: ${defaultPreparation.catalogue})`,
      ).choices(['train', 'all']),
    )
    .option(
      '--split <how>',
      `${methods.options.join(', ')}, or a split file (see vasp split) (default: ${defaultSplit.method})`,
    )
    .option('--date <day>', 'with --split date: first day (UTC) of the test targets, such as 2015-01-31', day)
    .option(
      '--fold-in <share>',
      `share of a held-out user’s items that the model sees (default: ${defaultSplit.foldIn})`,
      numberBy(sizes.foldIn),
    )
    .option(
      '--test <n>',
      'number of test users (default: a tenth; all with splits by time)',
      numberBy(sizes.test.unwrap()),
    )
    .option(
      '--validation <n>',
      'number of validation users (default: a tenth; all with splits by time)',
      numberBy(sizes.validation.unwrap()),
    )
    .option('--split-seed <n>', `seed of the held-out users (default: ${defaultSplit.seed})`, numberBy(sizes.seed))
    .addOption(
      new Option(
        '--recall-denominator <what>',
        'recall divides by min(k, targets), or by all targets (default: min)',
      ).choices(['min', 'all']),
    )

/** The description of `--threshold`. */
export const likedHelp =
  'interactions with at least this value count as liked; none: all (default: derived from the data set’s values)'

/** The default protocol: what counts as liked follows from the data set's values. */
export const standardProtocol = ({ liked }: Dataset): Protocol => ({
  preparation: { ...defaultPreparation, threshold: liked.threshold },
  split: defaultSplit,
})

/**
 * The protocol of a command's options, which replace those of a saved preparation, which replaces `standard`. A split file is
 * imported into the library. Throws BAD_INPUT if there is no such method and no such file, and for options without effect.
 */
export async function protocolOf(session: Session, asked: ProtocolOptions, standard: Protocol): Promise<Protocol> {
  const said = {
    preparation: given({
      threshold: asked.threshold,
      minInteractions: asked.minInteractions,
      minPerItem: asked.minPerItem,
      from: asked.from,
      until: asked.until,
      mostPopular: asked.mostPopular,
      sample: asked.sample,
      sampleSeed: asked.sampleSeed,
      catalogue: asked.catalogue,
    }),
    split: given({
      seed: asked.splitSeed,
      test: asked.test,
      validation: asked.validation,
      foldIn: asked.foldIn,
      date: asked.date,
      recallDenominator:
        asked.recallDenominator && (asked.recallDenominator === 'all' ? ('|R|' as const) : ('min(k, |R|)' as const)),
    }),
  }
  const stored = asked.preparation === undefined ? null : await preparationNamed(session.client, asked.preparation)
  const protocol = {
    preparation: { ...standard.preparation, ...stored?.preparation, ...said.preparation },
    split: { ...standard.split, ...(await splitMethodOf(session, asked.split)), ...said.split },
  }
  refuseWithoutEffect(protocol, { ...said.preparation, ...said.split })
  return protocol
}

/** Throws BAD_INPUT for an option without effect, such as the day of a split that is not by date, because something else was meant. */
function refuseWithoutEffect(protocol: Protocol, said: Partial<Record<ProtocolKey, unknown>>): void {
  const values = protocolValues(protocol)
  const idle = protocolKeys.find((key) => (said[key] ?? null) !== null && values[key] === null)
  if (idle === undefined) return
  const { method } = protocol.split
  throw badInput(
    `${optionOf(idle)} has no effect here: ${
      idle === 'sampleSeed' && method !== 'file'
        ? 'no sample of users is used'
        : `what is held out is ${splitMethodTexts[method]}`
    }.`,
    `Leave it out, or change ${idle === 'sampleSeed' && method !== 'file' ? '--sample' : '--split'}.`,
  )
}

/** `minPerItem` → `--min-per-item`. */
const optionOf = (key: ProtocolKey): string =>
  key === 'seed' ? '--split-seed' : `--${key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`

/** The protocol for a data set; prints why interactions count as liked if no threshold was given. */
export async function protocolFor(session: Session, asked: ProtocolOptions, dataset: Dataset): Promise<Protocol> {
  if (asked.threshold === undefined && asked.preparation === undefined) session.terminal.note(dataset.liked.evidence)
  return protocolOf(session, asked, standardProtocol(dataset))
}

async function splitMethodOf(
  session: Session,
  asked: string | undefined,
): Promise<Partial<Pick<SplitSettings, 'method' | 'file'>>> {
  if (asked === undefined) return {}
  const method = methods.safeParse(asked)
  if (method.success) return { method: method.data, file: null }
  return { method: 'file', file: await keptSplitFile(session, asked) }
}

type Given<Options> = { [Key in keyof Options]?: Exclude<Options[Key], undefined> }

/** The options that were given. */
const given = <Options extends object>(options: Options): Given<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<Options>

async function keptSplitFile({ client, engine }: Session, path: string): Promise<SplitFileRef> {
  let file: FileHandle
  try {
    file = engine.registerFile(path)
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'NOT_FOUND') throw error
    throw badInput(
      `"${path}" is neither a way to split nor a file.`,
      `Choose ${methods.options.join(', ')}, or give a split file.`,
      { cause: error },
    )
  }
  return client.splits.import({ file })
}

/** commander parser of the number or the share of the items. */
function popular(value: string): MostPopular {
  const read = mostPopularFrom(value)
  if (read === null) throw new InvalidArgumentError(`It takes ${mostPopularForms}.`)
  return read
}

/** commander parser of a day. */
function day(value: string): string {
  const read = z.iso.date().safeParse(value)
  if (!read.success) throw new InvalidArgumentError('It takes a day as year-month-day, such as 2015-01-31.')
  return read.data
}
