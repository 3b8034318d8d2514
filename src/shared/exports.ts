import { z } from 'zod'
import { errorShape } from './errors'
import { exportId, jobId, runId } from './ids'

export const exportRequest = z.object({
  run: runId,
  users: z.union([z.literal('all'), z.array(z.string()).min(1)]),
  k: z.number().int().min(1).max(1000),
  /** Goes with the program that asked for it, as what the command line writes elsewhere. */
  temporary: z.boolean().optional(),
})
export type ExportRequest = z.infer<typeof exportRequest>

export const exportRecord = z.object({
  id: exportId,
  run: runId,
  runName: z.string(),
  fileName: z.string(),
  users: z.number().int(),
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
  rows: z.number().int(),
  bytes: z.number().int(),
  /** Resident memory of the worker at its highest. */
  peakBytes: z.number(),
})
export type ExportResult = z.infer<typeof exportResult>
