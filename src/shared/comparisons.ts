import { z } from 'zod'
import { runId } from './ids'
import { metricShape, segmentName, testMetrics, withoutErrorOfFew } from './metrics'
import { givenName } from './names'
import { run } from './runs'

export const mostCompared = 20

/** Two to twenty runs, and the one that the others are compared with. */
export const comparisonRequest = z.object({
  runs: z
    .array(runId)
    .min(2, 'Choose at least two runs to compare.')
    .max(mostCompared, `Choose at most ${mostCompared} runs to compare.`)
    .refine((ids) => new Set(ids).size === ids.length, 'Name each run once.'),
  /** Null: the first of the runs. */
  baseline: runId.nullable().default(null),
  /** Whether the differences are tested, which takes seconds for many runs and users. */
  tests: z.boolean().default(true),
})
export type ComparisonRequest = z.output<typeof comparisonRequest>

/** Something in which the compared runs differ: a setting, or a part of the data or the protocol. */
export const comparedSetting = z.object({
  key: z.string(),
  label: z.string(),
  /** Of each run, in their order; null: its model does not have it. */
  values: z.array(z.union([z.string(), z.number(), z.boolean()]).nullable()),
})

/** Whether a setting has different values in the runs that have it; the others are settings that only some of the models have. */
export const differs = ({ values }: { readonly values: readonly unknown[] }): boolean =>
  new Set(values.filter((value) => value !== null)).size > 1

/** A run's figure and how it differs from the baseline's, over the users that both measured. */
export const comparedFigure = z
  .object({
    ...metricShape,
    /** Mean of the users' differences from the baseline, with its 95 % interval; null for the baseline, and where the two do not compare. */
    difference: z.object({ mean: z.number(), low: z.number().nullable(), high: z.number().nullable() }).nullable(),
    /** Of the paired permutation test against the baseline, corrected by Holm over the runs; null where nothing was tested. */
    p: z.number().nullable(),
  })
  .overwrite(withoutErrorOfFew)
export type ComparedFigure = z.infer<typeof comparedFigure>

/** Test users whose ndcg@100 is higher than, lower than and equal to that of the baseline. */
export const winsAndLosses = z.object({
  segment: segmentName.nullable(),
  wins: z.number().int(),
  losses: z.number().int(),
  ties: z.number().int(),
})

export const comparison = z.object({
  baseline: runId,
  runs: z.array(run),
  /** Whether a run was measured under the baseline's protocol; differences and tests only then. */
  comparable: z.array(z.boolean()),
  settings: z.array(comparedSetting),
  figures: z.array(z.object({ metric: testMetrics.keyof(), cells: z.array(comparedFigure.nullable()) })),
  /** For each run: all users, then by their activity; empty for the baseline and runs that do not compare. */
  users: z.array(z.array(winsAndLosses)),
  /** Runs that differ in their seed alone, with the mean of their test ndcg@100 and its standard error over the seeds. */
  seeds: z.array(z.object({ runs: z.array(runId), mean: z.number(), se: z.number().nullable() })),
  /** Whether the differences were tested. */
  tested: z.boolean(),
  /** What the figures say, in sentences. */
  summary: z.array(z.string()),
  /** Which runs do not compare, and why. */
  warnings: z.array(z.string()),
})
export type Comparison = z.infer<typeof comparison>

/** Test ndcg@100 of each user who was measured with both runs. */
export const comparedUsers = z.object({ a: z.array(z.number()), b: z.array(z.number()) })

/** A comparison under a name. */
export const namedComparison = z.object({ name: givenName, runs: z.array(runId), baseline: runId })
export type NamedComparison = z.infer<typeof namedComparison>
