import { z } from 'zod'
import { errorShape } from './errors'
import { datasetId, experimentId, jobId, runId } from './ids'
import { valueKind } from './liked-threshold'
import { heldOutSet, metricShape, segmentName, testMetrics, withoutErrorOfFew } from './metrics'
import { configValue, modelConfig, modelKind, presetName } from './models'
import { givenName } from './names'
import { wholeNumber } from './number-rules'
import { preparation, requestedSplit, runMember, splitSettings } from './runs'

/** The paper's three tables, one-setting-at-a-time ablations of the paper's model, the best product of trained models, any models, or a search over one model's settings. */
export const experimentKind = z.enum(['table-1', 'table-2', 'table-3', 'ablations', 'product', 'custom', 'search'])
export type ExperimentKind = z.infer<typeof experimentKind>

/** `small`: every model's default preset, for two cores; `paper`: the sources' own settings where a model has them. */
export const presetSet = z.enum(['small', 'paper'])
export type PresetSet = z.infer<typeof presetSet>

/**
 * One configured model of a recipe. Systems of the same `row` compete for it: the best by validation is shown ("with its best loss" in the paper). `row:
 * null`: only a member of another system, not shown in tables. `members`: keys of the systems whose runs an ensemble is made of.
 */
export const system = z.object({
  key: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  row: z.string().min(1).nullable(),
  label: z.string().min(1).max(300),
  /** Follows the label in tables, in parentheses, but not in the names of runs. */
  note: z.string().nullable().default(null),
  model: modelKind,
  preset: presetName.nullable(),
  overrides: modelConfig,
  members: z.array(z.string()).nullable(),
})
export type System = z.infer<typeof system>

export const seeds = z
  .array(wholeNumber(0), 'Enter whole numbers, separated by commas, as 1, 2, 3.')
  .min(1, 'Enter at least one seed.')
  .max(100, 'Enter at most 100 seeds.')

/** The contents of an experiment; every combination becomes one run. */
export const recipe = z.object({
  kind: experimentKind,
  datasets: z.array(datasetId).min(1),
  preparations: z.array(preparation).min(1),
  splits: z.array(splitSettings).min(1),
  systems: z.array(system).min(1),
  seeds,
  /** Reuses finished runs of the same data, preparation, split, model, config and seed instead of training them again. */
  reuse: z.boolean(),
})
export type Recipe = z.infer<typeof recipe>

/** A range from which values are drawn; `log`: evenly on the logarithmic scale. */
export const drawRange = z.object({ low: z.number(), high: z.number(), log: z.boolean() })
export type DrawRange = z.infer<typeof drawRange>

export const searchSpace = z.object({
  model: modelKind,
  preset: presetName.nullable(),
  /** Settings that all candidates share. */
  overrides: modelConfig,
  grid: z.record(z.string(), z.array(configValue).min(1).max(1000)),
  random: z.record(z.string(), drawRange),
  /** The maximum number of runs (per data set, preparation, split and seed). */
  budget: wholeNumber(1, 10_000),
  seed: wholeNumber(0),
})
export type SearchSpace = z.infer<typeof searchSpace>

export const chosenSystem = z.object({
  model: modelKind,
  preset: presetName.nullable(),
  overrides: modelConfig,
  label: z.string().trim().min(1).max(300).nullable(),
})
export type ChosenSystem = z.infer<typeof chosenSystem>

/** What is compared: a built-in recipe, chosen models, or the candidates of a search. */
export const subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['table-1', 'table-2', 'table-3', 'ablations', 'product']), presets: presetSet }),
  z.object({ kind: z.literal('custom'), systems: z.array(chosenSystem).min(1, 'Choose at least one model.').max(200) }),
  z.object({ kind: z.literal('search'), space: searchSpace }),
])
export type Subject = z.infer<typeof subject>

export const experimentRequest = z.object({
  /** `null`: named after what is compared. */
  name: givenName.nullable(),
  subject,
  datasets: z.array(datasetId).min(1, 'Choose at least one data set.').max(50, 'Choose at most 50 data sets.'),
  preparations: z.array(preparation).min(1).max(50),
  splits: z.array(requestedSplit).min(1).max(50),
  seeds,
  reuse: z.boolean(),
})
export type ExperimentRequest = z.infer<typeof experimentRequest>

/** `stopped`: some runs are not finished and no job trains them; it can be resumed. */
export const experimentState = z.enum(['running', 'finished', 'stopped'])

export const experiment = z.object({
  id: experimentId,
  name: z.string(),
  kind: experimentKind,
  datasets: z.array(z.object({ id: datasetId, name: z.string() })),
  state: experimentState,
  /** Planned runs, and how many of them have finished, were reused from earlier, or failed. */
  total: z.number().int(),
  finished: z.number().int(),
  reused: z.number().int(),
  failed: z.number().int(),
  /** The job that trains its runs now. */
  job: jobId.nullable(),
  /** Estimated from the mean time of the finished runs; null before the first. */
  secondsLeft: z.number().nullable(),
  createdAt: z.iso.datetime(),
})
export type Experiment = z.infer<typeof experiment>

/** `waiting`: planned, without a run yet. */
export const plannedState = z.enum(['waiting', 'queued', 'paused', 'running', 'finished', 'failed', 'cancelled'])

export const plannedRun = z.object({
  position: z.number().int().nonnegative(),
  system: z.string(),
  label: z.string(),
  dataset: datasetId,
  preparation,
  split: splitSettings,
  seed: z.number().int(),
  run: runId.nullable(),
  state: plannedState,
  reused: z.boolean(),
  error: errorShape.nullable(),
  seconds: z.number().nullable(),
})
export type PlannedRun = z.infer<typeof plannedRun>

export const experimentDetail = experiment.extend({ recipe, runs: z.array(plannedRun) })
export type ExperimentDetail = z.infer<typeof experimentDetail>

/** A table's columns: anything that is measured on test users; a search can choose by the headline metrics. */
export const tableMetric = testMetrics.keyof()

/**
 * One figure of a table: mean and standard error over users, of each user's mean over the seeds. `best`: the highest of its column;
 * `tied`: not significantly different from it (Holm-corrected p of at least the level).
 * Nothing is marked for fewer than two users, because no difference can be tested.
 * Only metrics that compare lists with targets are marked, because more novelty or coverage is not better by itself.
 */
export const tableCell = z
  .object({
    ...metricShape,
    /** Standard error of the mean over seeds; null for fewer than two runs. */
    seedSe: z.number().nullable(),
    best: z.boolean(),
    tied: z.boolean(),
    /** Holm-corrected p against the best of the column; null for the best itself, and if nothing was compared. */
    p: z.number().nullable(),
  })
  .overwrite(withoutErrorOfFew)
export type TableCell = z.infer<typeof tableCell>

export const tableRow = z.object({
  key: z.string(),
  label: z.string(),
  model: modelKind,
  preset: presetName.nullable(),
  /** The settings in which this system differs: those that a search or an ablation changed. */
  overrides: modelConfig,
  /** Finished runs, one per seed. */
  runs: z.array(runId),
  /** Planned runs that have neither figures yet nor failed. */
  missing: z.number().int(),
  /** Planned runs that failed or could not be started, with the label of their system. */
  failed: z.array(z.object({ label: z.string(), seed: z.number().int(), run: runId.nullable(), error: errorShape })),
  /** For runs that combine trained runs: their members with the weights. */
  combined: z.array(z.object({ run: runId, members: z.array(runMember) })),
  cells: z.partialRecord(tableMetric, tableCell),
  /** Mean time of a run; an ensemble's includes its members'. */
  seconds: z.number().nullable(),
  /** Published figures for data of this shape. */
  published: z.partialRecord(tableMetric, z.number()),
})
export type TableRow = z.infer<typeof tableRow>

/** One table per data set, preparation and split: all its figures were measured on the same users. */
export const experimentTable = z.object({
  title: z.string(),
  dataset: datasetId,
  datasetName: z.string(),
  datasetVersion: z.number().int().positive(),
  valueKind,
  preparation,
  split: splitSettings,
  heldOut: heldOutSet,
  /** The segment of test users, or of items as targets, that the figures are for; null: all. */
  segment: segmentName.nullable(),
  metrics: z.array(tableMetric),
  users: z.number().int(),
  seeds: z.array(z.number().int()),
  rows: z.array(tableRow),
  published: z.object({ shape: z.string(), citation: z.string() }).nullable(),
  /** How ties with the best were found, in a phrase; null if nothing was compared. */
  significance: z.string().nullable(),
  /** How the figures were obtained, one sentence each. */
  notes: z.array(z.string()),
})
export type ExperimentTable = z.infer<typeof experimentTable>

export const tableFormat = z.enum(['csv', 'markdown', 'latex'])
export type TableFormat = z.infer<typeof tableFormat>

/** A recipe as shown to people: what it compares, and how many systems it trains. */
export const recipeDescription = z.object({
  kind: experimentKind,
  title: z.string(),
  summary: z.string(),
  systems: z.array(z.string()),
})
export type RecipeDescription = z.infer<typeof recipeDescription>
