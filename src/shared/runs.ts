import { z } from 'zod'
import { errorShape } from './errors'
import { preparationStep } from './filter-steps'
import { datasetId, jobId, runId } from './ids'
import { valueKind } from './liked-threshold'
import { metrics, segment, testMetrics } from './metrics'
import { modelConfig, modelKind, presetName } from './models'
import { mostPopular } from './most-popular'
import { optionalName } from './names'
import { numberSchema, share, wholeNumber } from './number-rules'
import { runLabel, runNote, runTag } from './run-labels'
import { runTracker, trackerFolders } from './trackers'
import { chosenUsers } from './user-list'

const day = z.iso.date('Enter a day as year-month-day, as 2015-01-31.')

/**
 * How explicit ratings become implicit positives, and which of them are used; filters in the order of `positiveHistories`. `threshold: null`: every
 * interaction counts.
 */
export const preparation = z.object({
  threshold: numberSchema({}).nullable(),
  /** Minimum for a user. */
  minInteractions: wholeNumber(1),
  /** Minimum for an item; if it is more than 1, both minimums are repeated until they hold (k-core). */
  minPerItem: wholeNumber(1).default(1),
  /** First and last day (UTC) that counts. */
  from: day.nullable().default(null),
  until: day.nullable().default(null),
  /** Only this many items, or this share of the catalogue: those that most users like. */
  mostPopular: mostPopular.nullable().default(null),
  /** Only this share of the users, drawn by the seed. */
  sample: share().nullable().default(null),
  sampleSeed: wholeNumber(0).default(1),
  /** The items that a model knows: those that training users like (Mult-VAE's protocol), or that any user likes (the authors of VASP). */
  catalogue: z.enum(['train', 'all']).default('train'),
})
export type Preparation = z.infer<typeof preparation>

/**
 * The denominator of recall: min(k, |R|) as in Mult-VAE and the authors' code, so that a perfect list reaches 1, or |R|, all targets of
 * the user, as in equation 16 of the paper.
 */
export const recallDenominator = z.enum(['min(k, |R|)', '|R|'])
export type RecallDenominator = z.infer<typeof recallDenominator>

/**
 * Whose items are the targets:
 * - `users`: strong generalisation, whole users are held out and a share of their items, drawn at random, is hidden;
 * - `leave-last-out`: each user's last item is the test target, the second-last the validation target, and training has the rest;
 * - `date`: items liked on or after a day are the test targets, and training has the earlier ones;
 * - `file`: as in a split file.
 */
export const splitMethod = z.enum(['users', 'leave-last-out', 'date', 'file'])
export type SplitMethod = z.infer<typeof splitMethod>

/** A split file in the library: its original name, and the SHA-256 of its text. */
export const splitFileRef = z.object({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
export type SplitFileRef = z.infer<typeof splitFileRef>

export const splitSettings = z.object({
  method: splitMethod.default('users'),
  seed: wholeNumber(0),
  /** Users to measure; `null`: a tenth of them, at most 10,000, by users, and all by time. */
  test: wholeNumber(1).nullable(),
  validation: wholeNumber(1).nullable(),
  /** `users`: share of a held-out user's items that the model sees (the rest are targets). */
  foldIn: share(),
  /** `date`: the first day (UTC) whose interactions are test targets. */
  date: day.nullable().default(null),
  /** `file`: a split file in the library. */
  file: splitFileRef.nullable().default(null),
  recallDenominator: recallDenominator.default('min(k, |R|)'),
})
export type SplitSettings = z.infer<typeof splitSettings>

/** A requested split: one by date needs its day. */
export const requestedSplit = splitSettings.refine(({ method, date }) => method !== 'date' || date !== null, {
  path: ['date'],
  error: 'A split by date needs a date: give the first day of the test targets, as 2015-01-31.',
})

/** The defaults, except for what counts as liked, which follows from the data set (`liked-threshold.ts`). */
export const defaultPreparation: Preparation = {
  threshold: 4,
  minInteractions: 5,
  minPerItem: 1,
  from: null,
  until: null,
  mostPopular: null,
  sample: null,
  sampleSeed: 1,
  catalogue: 'train',
}
export const defaultSplit: SplitSettings = {
  method: 'users',
  seed: 1,
  test: null,
  validation: null,
  foldIn: 0.8,
  date: null,
  file: null,
  recallDenominator: 'min(k, |R|)',
}

export const trainRequest = z.object({
  dataset: datasetId,
  model: modelKind,
  preset: presetName.nullable(),
  /** Values that differ from the preset's. */
  overrides: modelConfig,
  seed: wholeNumber(0),
  preparation,
  split: requestedSplit,
  name: optionalName,
  /**
   * Trained runs to be multiplied, for a model that combines runs: nothing is trained, and `overrides` are `combinationSettings`. `null`: the
   * model trains with its config.
   */
  members: z
    .array(runId)
    .refine((ids) => new Set(ids).size >= 2, 'A combination needs at least two different trained runs.')
    .nullable()
    .default(null),
  /** The training starts once this run has finished. */
  after: runId.nullish(),
  /** Keeps the state at the end, from which the run can be trained further; otherwise the setting decides. */
  keepState: z.boolean().exactOptional(),
  tags: z.array(runTag).exactOptional(),
  /** Markdown. */
  note: runNote.exactOptional(),
  /** Where the run is tracked while it is trained, besides the folders of the setting or in their place. */
  trackers: trackerFolders.exactOptional(),
})
export type TrainRequest = z.infer<typeof trainRequest>
/** The request: settings with a default may be left out. */
export type NewTraining = z.input<typeof trainRequest>

/** Measures a finished run again. */
export const evaluationRequest = z.object({
  run: runId,
  /** External ids; null for the run's test users. */
  users: chosenUsers.nullable(),
  /** Leaves out users who are not in the data set; otherwise the request is refused. */
  skipUnknown: z.boolean().default(false),
})
export type EvaluationRequest = z.output<typeof evaluationRequest>

export const runStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('queued') }),
  /** Its training waits until it is let go on, see `holdReason` of jobs. */
  z.object({ state: z.literal('paused'), reason: z.string() }),
  z.object({ state: z.literal('running') }),
  z.object({ state: z.literal('finished') }),
  z.object({ state: z.literal('failed'), error: errorShape }),
  z.object({ state: z.literal('cancelled') }),
])
export type RunStatus = z.infer<typeof runStatus>

/** One pass over the training users (gradient models) or one candidate (closed-form models). */
export const epochPoint = z.object({
  epoch: z.number().int().positive(),
  /** `lr 5e-4` or `λ = 200`. */
  label: z.string(),
  /** Loss terms named as in the paper, means over the epoch's rows; empty for closed-form models. */
  loss: z.record(z.string(), z.number()),
  validation: metrics,
  seconds: z.number(),
  rowsPerSecond: z.number(),
  /** When it ended; missing in runs of earlier versions. */
  at: z.iso.datetime().exactOptional(),
})
export type EpochPoint = z.infer<typeof epochPoint>

/** The label of an epoch that was trained with one learning rate. */
export const learningRateLabel = (rate: number): string => `lr ${rate.toExponential()}`

/** The learning rate of such a label; `null` for the label of a candidate. */
export function learningRateOf(label: string): number | null {
  const [, rate] = /^lr (\S+)$/.exec(label) ?? []
  return rate === undefined ? null : Number(rate)
}

/** What a run was computed with; `null`: not known, as for runs of earlier versions. */
export const environment = z.object({
  backend: z.string(),
  /** Of the backend. */
  version: z.string(),
  /** The GPU, or the processor. */
  device: z.string(),
  threads: z.number().int(),
  /** The version of VASP Studio. */
  app: z.string().nullable().default(null),
  /** The commit that it was built from, with “+” if the sources differed from it; empty if it was not built from a checkout. */
  commit: z.string().nullable().default(null),
  tfjs: z.string().nullable().default(null),
  /** Of Node, or of Electron with its Node. */
  runtime: z.string().nullable().default(null),
  platform: z.string().nullable().default(null),
  processor: z.string().nullable().default(null),
  /** The level of the processor that our own kernels were compiled for; empty if they are not used. */
  kernels: z.string().nullable().default(null),
})
export type Environment = z.infer<typeof environment>
/** What is known of an environment; the rest may be left out. */
export type KnownEnvironment = z.input<typeof environment>

/** A measurement after the training, by the run's own protocol. */
export const evaluation = z.object({
  at: z.iso.datetime(),
  /** Whether the users were chosen; otherwise they are the run's test users. */
  chosen: z.boolean(),
  /** Number of measured users. */
  users: z.number().int(),
  metrics: testMetrics,
  /** Warnings to be read before the figures. */
  warnings: z.array(z.string()),
})
export type Evaluation = z.infer<typeof evaluation>

/** The headline figures of a run's latest evaluation. */
export const latestEvaluation = evaluation.pick({ at: true, chosen: true, users: true }).extend({
  metrics: testMetrics.pick({ 'ndcg@100': true, 'recall@20': true, 'recall@50': true }),
})

export const run = runLabel.extend({
  id: runId,
  name: z.string(),
  dataset: datasetId,
  datasetName: z.string(),
  datasetVersion: z.number().int().positive().default(1),
  /** What the values of the data are; the threshold applies to them. */
  valueKind,
  preparation,
  split: splitSettings,
  model: modelKind,
  preset: presetName.nullable(),
  config: modelConfig,
  status: runStatus,
  /** The job that trains it now; `null` once it has ended. */
  job: jobId.nullable(),
  seed: z.number().int(),
  bestEpoch: z.number().int().nullable(),
  validation: metrics.nullable(),
  test: testMetrics.nullable(),
  seconds: z.number().nullable(),
  /** Whether weights are stored, so that it can recommend, explain and export. */
  usable: z.boolean(),
  /** Size of its weights and of the states from which it can go on. */
  diskBytes: z.number().int(),
  createdAt: z.iso.datetime(),
  /** Null if it was not evaluated again after its training. */
  evaluated: latestEvaluation.nullable().default(null),
})
export type Run = z.infer<typeof run>

/** The result of applying the protocol to the data; recorded with every run. */
export const splitSummary = z.object({
  items: z.number().int(),
  trainUsers: z.number().int(),
  validationUsers: z.number().int(),
  testUsers: z.number().int(),
  trainInteractions: z.number().int(),
  droppedUsers: z.number().int(),
  /** What each filter left, beginning with the whole data set; empty for splits by file, and in runs of earlier versions. */
  filters: z.array(preparationStep).default([]),
  /** `date`: the moment from which on interactions are validation targets. */
  validationFrom: z.iso.datetime().nullable().default(null),
  recallDenominator,
})
export type SplitSummary = z.infer<typeof splitSummary>

/** f = σ(slope · s + intercept) of a score s that is not a probability; fitted on the validation users. */
export const calibration = z.object({ slope: z.number().positive(), intercept: z.number() })
export type Calibration = z.infer<typeof calibration>

/**
 * Settings of a combination of trained runs, as a flat config. `weights`: of p = Π f^weight. `equal`: 1 each, the product of the paper
 * (equation 6); `validation`: those with the best NDCG@100 of the validation users, 0 for a run that does not help.
 */
export const combinationSettings = z.strictObject({ weights: z.enum(['equal', 'validation']).default('equal') })
export type CombinationSettings = z.infer<typeof combinationSettings>

/** A trained run as a member of a combination: stored as it was, so that the combination loads without it. */
export const runMember = z.object({
  run: runId,
  name: z.string(),
  model: modelKind,
  config: modelConfig,
  /** The power of its probability within the product, 1 in runs of earlier versions; `null` until it has been chosen. */
  weight: z.number().nonnegative().nullable().default(1),
  /** For a model whose score is not a probability; `null` for the others, and until it is fitted. */
  calibration: calibration.nullable().default(null),
  /** Why no probability follows from its score, so that its weight is 0 or it is the product alone; `null` for the others. */
  problem: z.string().nullable().default(null),
})
export type RunMember = z.infer<typeof runMember>

/**
 * When a run went on after an interruption, and after how many whole epochs; `from`: of which finished run, which it trains further; `flaws`: why newer
 * states could not be used, one sentence each.
 */
export const continuedTimes = z.array(
  z.object({
    at: z.iso.datetime(),
    epochs: z.number().int(),
    from: runId.exactOptional(),
    flaws: z.array(z.string()).exactOptional(),
  }),
)
export type ContinuedTime = z.infer<typeof continuedTimes>[number]

/** What a person should know of states that could not be used; null if there were none. */
export function passedOver({ epochs, flaws = [] }: ContinuedTime): string | null {
  if (flaws.length === 0) return null
  const where = epochs === 0 ? 'it began again' : `it went on after epoch ${epochs}`
  return `${flaws.length === 1 ? 'A kept state' : `${flaws.length} kept states`} of the run could not be used, so ${where}: ${flaws.join(' ')}`
}

/** Something about two runs that differs, in words. */
export const difference = z.object({ what: z.string(), before: z.string(), now: z.string() })
export type Difference = z.infer<typeof difference>

/** Which run a run repeats with the same settings, seed, data and split; and, once it has finished, whether it has the same weights. */
export const repetition = z.object({
  run: runId,
  name: z.string(),
  outcome: z
    .object({
      /** By the SHA-256 of their names, shapes and values; `null`: those of the repeated run could not be read. */
      sameWeights: z.boolean().nullable(),
      /** Why they could not be read; `null` if they could. */
      problem: z.string().nullable(),
      sameFigures: z.boolean(),
      /** What the two runs were computed with, where it differs. */
      differences: z.array(difference),
    })
    .nullable(),
})
export type Repetition = z.infer<typeof repetition>

/** Where a run came from that was trained in another library. */
export const importedFrom = z.object({
  at: z.iso.datetime(),
  file: z.string(),
  /** Its number there. */
  run: z.number().int(),
})
export type ImportedFrom = z.infer<typeof importedFrom>

export const runDetail = run.extend({
  /** SHA-256 of the data that it was made for. */
  fingerprint: z.string().default(''),
  /** The trained runs that it combines; `null` for runs that were trained themselves. */
  members: z.array(runMember).nullable().default(null),
  splitSummary: splitSummary.nullable(),
  environment: environment.nullable(),
  /** Test users by activity and items by popularity; empty before the end, and for runs of version 0.1. */
  segments: z.array(segment).default([]),
  epochs: z.array(epochPoint),
  rowsPerSecond: z.number().nullable(),
  peakBytes: z.number().nullable(),
  /** The estimated peak memory of the run; `null` for combinations and for runs of earlier versions. */
  estimatedBytes: z.number().nullable().default(null),
  parameters: z.number().int().nullable(),
  checkpointBytes: z.number().int().nullable(),
  continued: continuedTimes.default([]),
  /** When its training first began, and when it ended; `null` before that, and for runs of earlier versions. */
  startedAt: z.iso.datetime().nullable().default(null),
  endedAt: z.iso.datetime().nullable().default(null),
  /** The trackers that it is written to while it is trained. */
  trackers: z.array(runTracker).default([]),
  /** The run that it repeats; `null` for the others. */
  repeats: repetition.nullable().default(null),
  /** `null` for runs of this library. */
  imported: importedFrom.nullable().default(null),
  /** Whether a person ended the training before its last epoch. */
  stoppedEarly: z.boolean().default(false),
  /** Newest first. */
  evaluations: z.array(evaluation).default([]),
  /** Size of the states from which the run can go on; 0 if there are none. */
  stateBytes: z.number().int().default(0),
  /** For a run that can go on: the epochs (or candidates) that stay, and whether a part of the next one stays as well. Null for the others. */
  resumesAfter: z.object({ epochs: z.number().int(), within: z.boolean() }).nullable().default(null),
})
export type RunDetail = z.infer<typeof runDetail>

/** The estimated peak memory of a run, and the free memory; `peak: null` for models whose need does not follow from their settings. */
export const memoryNeed = z.object({
  peak: z.number().nullable(),
  usable: z.number(),
  /** The GPU with this memory; `null`: the machine's own. */
  gpu: z.string().nullable(),
})

/** What `vasp train` prints. */
export const trainResult = z.object({
  run: runId,
  status: z.literal('finished'),
  bestEpoch: z.number().int(),
  validation: metrics,
  test: testMetrics,
  segments: z.array(segment),
  seconds: z.number(),
  rowsPerSecond: z.number(),
  peakBytes: z.number(),
  estimatedBytes: z.number().nullable(),
  /** Warnings to be read before the figures. */
  warnings: z.array(z.string()),
})
export type TrainResult = z.infer<typeof trainResult>

export const evaluateResult = z.object({
  run: runId,
  users: z.number().int(),
  metrics: testMetrics,
  segments: z.array(segment),
  warnings: z.array(z.string()),
  /** Of the worker. */
  peakBytes: z.number(),
})
export type EvaluateResult = z.infer<typeof evaluateResult>

/** Where a run goes on, as a clause: “after epoch 4, within epoch 5”; null if it begins again. */
export function goesOnWhere({ epochs, within }: NonNullable<RunDetail['resumesAfter']>): string | null {
  if (epochs === 0) return within ? 'within epoch 1' : null
  return within ? `after epoch ${epochs}, within epoch ${epochs + 1}` : `after epoch ${epochs}`
}
