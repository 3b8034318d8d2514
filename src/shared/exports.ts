import { z } from 'zod'
import { errorShape } from './errors'
import { unknownUsers } from './explore'
import { formatCount } from './format'
import { exportId, jobId, runId } from './ids'
import { wholeNumber } from './number-rules'
import { chosenUsers } from './user-list'

/** `json`: every item as a single list shows it, with genres, attributes and ranks. */
export const listFormat = z.enum(['csv', 'json'])
export type ListFormat = z.infer<typeof listFormat>

export const exportRequest = z.object({
  run: runId,
  users: z.union([z.literal('all'), chosenUsers]),
  k: wholeNumber(1, 1000),
  /** Deleted with the program that asked for it, for example if the command line writes the list elsewhere. */
  temporary: z.boolean().optional(),
  unknownUsers: unknownUsers.default('popularity'),
  /** Leaves out named users who are not in the data set; otherwise the request is refused. */
  skipUnknown: z.boolean().default(false),
  format: listFormat.default('csv'),
  /** CSV: begins the file with a byte-order mark, by which Excel recognises UTF-8. */
  bom: z.boolean().default(true),
})
export type ExportRequest = z.infer<typeof exportRequest>
/** The request: choices with a default may be left out. */
export type NewExport = z.input<typeof exportRequest>

export const exportRecord = z.object({
  id: exportId,
  run: runId,
  runName: z.string(),
  fileName: z.string(),
  /** Users with a list; before the end, all requested users. */
  users: z.number().int(),
  /** Lists from popularity, and users left out because the model knows none of their items; null before the end, and in earlier versions. */
  popular: z.number().int().nullable(),
  leftOut: z.number().int().nullable(),
  /** Named users who are not in the data set. */
  unknown: z.number().int(),
  k: z.number().int(),
  state: z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']),
  error: errorShape.nullable(),
  job: jobId.nullable(),
  rows: z.number().int().nullable(),
  bytes: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
})
export type ExportRecord = z.infer<typeof exportRecord>

export const exportResult = z.object({
  export: exportId.nullable(),
  file: z.string(),
  users: z.number().int(),
  popular: z.number().int(),
  leftOut: z.number().int(),
  rows: z.number().int(),
  bytes: z.number().int(),
  /** The worker's highest resident memory. */
  peakBytes: z.number(),
})
export type ExportResult = z.infer<typeof exportResult>

/** How many users of a list the data set has, and who is missing. */
export const userCheck = z.object({
  known: z.number().int(),
  unknown: z.number().int(),
  /** The first unknown users. */
  examples: z.array(z.string()),
})
export type UserCheck = z.infer<typeof userCheck>
/** The maximum number of examples. */
export const unknownExamples = 100

/** Describes the users whose lists do not come from the model; null if there are none. */
export function exceptionsText({
  popular,
  leftOut,
}: {
  readonly popular: number | null
  readonly leftOut: number | null
}): string | null {
  const users = (count: number): string => `${formatCount(count)} ${count === 1 ? 'user' : 'users'}`
  const sentences = [
    ...(popular
      ? [
          `The model does not know any item of ${users(popular)}: ${popular === 1 ? 'the list comes' : 'their lists come'} from popularity.`,
        ]
      : []),
    ...(leftOut
      ? [
          `The model does not know any item of ${users(leftOut)}: ${leftOut === 1 ? 'the user was' : 'they were'} left out.`,
        ]
      : []),
  ]
  return sentences.length === 0 ? null : sentences.join(' ')
}
