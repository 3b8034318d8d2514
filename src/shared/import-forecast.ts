import { z } from 'zod'
import { columnMapping, duplicatePolicy } from './datasets'
import { fileHandle } from './ids'
import { readingOverrides } from './reading'

export const forecastRequest = z.object({
  ratings: z.array(fileHandle).min(1),
  joined: z.array(fileHandle).optional(),
  mapping: columnMapping,
  duplicates: duplicatePolicy,
  table: z.string().nullish(),
  reading: readingOverrides.optional(),
})
export type ForecastRequest = z.infer<typeof forecastRequest>

const counted = z.array(z.object({ what: z.string(), rows: z.number().int() }))

/** The probable result of an import; the counts are of the examined rows. */
export const importForecast = z.object({
  rows: z.number().int(),
  /** Whether all rows were examined. */
  whole: z.boolean(),
  users: z.number().int(),
  items: z.number().int(),
  /** Interactions of different users and items: repeated ones count once. */
  interactions: z.number().int(),
  /** Rows that repeat a user and item. */
  duplicates: z.number().int(),
  /** By reason, most rows first, with a few of these rows as their columns are written. */
  rejected: z.array(counted.element.extend({ examples: z.array(z.string()) })),
  /** By type of event that does not count. */
  leftOut: counted,
  /** Values of the usable rows; null if they have none. */
  values: z
    .object({
      min: z.number(),
      max: z.number(),
      /** The default threshold, from which an interaction counts as liked; null: all count. */
      threshold: z.number().nullable(),
      /** The reason for the threshold. */
      evidence: z.string(),
      /** Rows that reach it. */
      reaching: z.number().int(),
    })
    .nullable(),
  /** Estimates for all files, from the examined rows. */
  expected: z.object({ rows: z.number(), interactions: z.number(), bytes: z.number(), seconds: z.number() }),
})
export type ImportForecast = z.infer<typeof importForecast>
