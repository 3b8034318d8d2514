import { z } from 'zod'
import { errorShape } from './errors'
import { datasetId, exportId, jobId, runId } from './ids'
import { epochPoint } from './runs'

export const jobKind = z.enum(['import', 'train', 'evaluate', 'export', 'map', 'split', 'setup'])
export type JobKind = z.infer<typeof jobKind>

/** Progress as people read it. `done` and `total` in `unit`; `total: null` if it cannot be known. */
export const jobProgress = z.object({
  stage: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.string(),
  secondsLeft: z.number().nullable(),
})
export type JobProgress = z.infer<typeof jobProgress>

/** What a watcher of one job sees; the last event is `finished`, `failed` or `cancelled`. */
export const jobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queued'), ahead: z.number().int() }),
  z.object({ type: z.literal('started') }),
  z.object({ type: z.literal('progress'), progress: jobProgress }),
  z.object({ type: z.literal('epoch'), point: epochPoint }),
  z.object({ type: z.literal('finished'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: errorShape }),
  z.object({ type: z.literal('cancelled') }),
])
export type JobEvent = z.infer<typeof jobEvent>

export const job = z.object({
  id: jobId,
  kind: jobKind,
  label: z.string(),
  state: z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']),
  progress: jobProgress.nullable(),
  dataset: datasetId.nullable(),
  run: runId.nullable(),
  export: exportId.nullable(),
  error: errorShape.nullable(),
  createdAt: z.iso.datetime(),
})
export type Job = z.infer<typeof job>
