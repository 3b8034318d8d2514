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

/**
 * Why a job does not start although its turn may have come: a person paused it, the run that it should follow did not finish, or a rule of the queue
 * does not allow computing now.
 */
export const holdReason = z.enum(['person', 'run', 'battery', 'in-use', 'hours'])
export type HoldReason = z.infer<typeof holdReason>

const holdWords: Readonly<Record<HoldReason, string>> = {
  person: 'Paused by hand.',
  run: 'The run that it should follow did not finish.',
  battery: 'Paused while this machine runs on its battery.',
  'in-use': 'Paused while somebody works on this machine.',
  hours: 'Paused during the hours in which nothing should be computed.',
}
/** Why a job of a program that has ended waits. */
const leftWords = 'VASP Studio ended before this was done.'

/** In words, why a job is paused; `null`: its program has ended. */
export const pausedBecause = (hold: HoldReason | null): string => (hold === null ? leftWords : holdWords[hold])

/** What is known of the machine for the rules of the queue; `null` if this program cannot tell. */
export const machineConditions = z.object({
  onBattery: z.boolean().nullable(),
  /** Seconds since keyboard or pointer were used. */
  idleSeconds: z.number().nullable(),
})
export type MachineConditions = z.infer<typeof machineConditions>

/** What the process of a training uses of the machine. */
export const usage = z.object({
  /** Since it began, in this process. */
  seconds: z.number(),
  /** Resident, in bytes. */
  memory: z.number(),
  /** Processors that it kept busy since the sample before: 1.5 are one and a half. */
  processors: z.number(),
})
export type Usage = z.infer<typeof usage>

/** What a watcher of one job sees; the last event is `finished`, `failed` or `cancelled`. */
export const jobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queued'), ahead: z.number().int() }),
  z.object({ type: z.literal('paused'), reason: z.string() }),
  z.object({ type: z.literal('started') }),
  z.object({ type: z.literal('progress'), progress: jobProgress }),
  z.object({ type: z.literal('epoch'), point: epochPoint }),
  z.object({ type: z.literal('usage'), usage }),
  z.object({ type: z.literal('finished'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: errorShape }),
  z.object({ type: z.literal('cancelled') }),
])
export type JobEvent = z.infer<typeof jobEvent>

/** A paused job waits until a person, or the end of what its rule forbids, lets it go on; a queued one waits for its turn. */
export const jobState = z.enum(['queued', 'paused', 'running', 'finished', 'failed', 'cancelled'])
export type JobState = z.infer<typeof jobState>

/** Whether a job has not ended. */
export const isOpen = ({ state }: { readonly state: JobState }): boolean =>
  state === 'queued' || state === 'paused' || state === 'running'

export const job = z.object({
  id: jobId,
  kind: jobKind,
  label: z.string(),
  state: jobState,
  /** Why it is paused; `null` in the other states. */
  reason: z.string().nullable(),
  /** Whether it is paused because its program has ended: another one can take it over. */
  left: z.boolean(),
  /** Whether it belongs to the program that tells of it. */
  here: z.boolean(),
  /** Among the waiting jobs, that with the smallest starts first. */
  place: z.number().int(),
  /** It starts after this run has finished. */
  after: runId.nullable(),
  progress: jobProgress.nullable(),
  dataset: datasetId.nullable(),
  run: runId.nullable(),
  export: exportId.nullable(),
  error: errorShape.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
})
export type Job = z.infer<typeof job>
