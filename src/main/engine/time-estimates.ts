import { badInput, StudioError } from '../../shared/errors'
import type { Job } from '../../shared/jobs'
import type { TrainRequest } from '../../shared/runs'
import { timeEstimate, type TimeEstimate } from '../../shared/time-estimate'
import { askOnce } from '../jobs/answering-worker'
import { laneOf } from '../jobs/lanes'
import { modelOf } from '../models/registry'
import { freedMemory } from './freed-memory'
import type { EngineContext } from './context'

/** The last estimate that was begun: runs that are measured at the same time slow each other down. */
let last: Promise<unknown> = Promise.resolve()

/** Preparing tens of millions of interactions takes minutes. */
const patience = 30 * 60_000

/**
 * Estimates in a worker how long a run takes, one run after the other; ends when the request is aborted. Throws CONFLICT while a job computes: both would be
 * slower, and the estimate wrong.
 */
export function estimateTime(
  context: EngineContext,
  request: TrainRequest,
  signal: AbortSignal | undefined,
): Promise<TimeEstimate> {
  const estimated = last.then(() => estimate(context, request, signal))
  // The next one begins however this one ends.
  last = estimated.catch(() => undefined)
  return estimated
}

async function estimate(
  { queue, workers }: EngineContext,
  request: TrainRequest,
  signal: AbortSignal | undefined,
): Promise<TimeEstimate> {
  signal?.throwIfAborted()
  if (request.members)
    throw badInput(
      'The time of a combination of trained runs is not estimated, because nothing is trained.',
      'Start it; it takes as long as evaluating each of its runs.',
    )
  const busy = queue.unfinished().find((job) => job.state === 'running' && laneOf(job.kind) === 'compute')
  if (busy)
    throw new StudioError({
      code: 'CONFLICT',
      message: `“${busy.label}” is computing, so the time that this run takes cannot be measured.`,
      next: 'Measure when it has finished.',
    })
  const { dataset, model, preset, overrides, seed, preparation, split } = request
  const began = new Date().toISOString()
  const measured = timeEstimate.parse(
    await askOnce(
      { ...workers, spawn: () => workers.spawn(freedMemory(modelOf(model))) },
      { kind: 'probe' },
      { kind: 'time', dataset, model, preset, overrides, seed, preparation, split, name: null, members: null },
      patience,
      'Measuring a few steps',
      signal,
    ),
  )
  return { ...measured, meanwhile: computedSince(queue.list(), began)?.label ?? null }
}

/** A job that ran at some time after `began`, whichever program of the library it belongs to. */
export const computedSince = (jobs: readonly Job[], began: string): Job | null =>
  jobs.find(
    ({ state, startedAt, endedAt }) =>
      startedAt !== null && (state === 'running' || (endedAt !== null && endedAt >= began)),
  ) ?? null
