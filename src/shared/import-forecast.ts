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

/** What an import would make of files: counts are of the rows that were looked at. */
export const importForecast = z.object({
  rows: z.number().int(),
  /** Whether that is all of them. */
  whole: z.boolean(),
  users: z.number().int(),
  items: z.number().int(),
  /** Of different users and items: repeated ones are one. */
  interactions: z.number().int(),
  /** Rows that repeat a user and item. */
  duplicates: z.number().int(),
  /** By reason, most rows first, with a few of these rows as their columns are written. */
  rejected: z.array(counted.element.extend({ examples: z.array(z.string()) })),
  /** By type of event that does not count. */
  leftOut: counted,
  /** Of the rows that can be used; null where they have none. */
  values: z
    .object({
      min: z.number(),
      max: z.number(),
      /** From which value on an interaction counts as liked where nobody says otherwise; null: all do. */
      threshold: z.number().nullable(),
      /** What speaks for it. */
      evidence: z.string(),
      /** Rows that reach it. */
      reaching: z.number().int(),
    })
    .nullable(),
  /** For all of the files, from the rows that were looked at. */
  expected: z.object({ rows: z.number(), interactions: z.number(), bytes: z.number(), seconds: z.number() }),
})
export type ImportForecast = z.infer<typeof importForecast>
