import { join } from 'node:path'
import { type ErrorShape, StudioError } from '../../shared/errors'
import type { JobRow, Store } from '../store/store'
import type { JobOutcome } from './supervisor'

/** Path of an export's file, relative to the library folder. */
export const exportFilePath = (id: number): string => join('exports', `export-${id}.csv`)

/** The stored job; null if its row was deleted. */
function rowOf(store: Store, job: JobRow): JobRow | null {
  try {
    return store.jobs.get(job.id)
  } catch (error) {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return null
    throw error
  }
}

/** How a job ended according to its row; null if it has not. */
function recordedEnd({ state, error, result }: JobRow): JobOutcome | null {
  if (state === 'finished') return { type: 'finished', result }
  if (state === 'cancelled') return { type: 'cancelled' }
  return state === 'failed' && error ? { type: 'failed', error } : null
}

/**
 * Records how a job ended: its own row, and the run or export that it was for, in one transaction. The first end wins: a worker that has stored its
 * result has finished the job, even if it or its host was killed before reporting it. Deleted runs and jobs need no end. @returns how the job ended
 */
export function recordEnd(store: Store, job: JobRow, outcome: JobOutcome): JobOutcome {
  const recorded = store.transaction(() => {
    const row = rowOf(store, job)
    if (!row) return outcome
    const earlier = recordedEnd(row)
    if (earlier) return earlier
    endRun(store, row, outcome)
    endExport(store, row, outcome)
    const error = outcome.type === 'failed' ? outcome.error : null
    store.jobs.end(row.id, outcome.type, error, outcome.type === 'finished' ? outcome.result : null)
    return outcome
  })
  store.pendingFiles.removeLeft()
  return recorded
}

/** A deleted run or export is null in its job's row. */
function endRun(store: Store, job: JobRow, outcome: JobOutcome): void {
  if (job.kind !== 'train' || job.run === null) return
  if (outcome.type === 'failed') store.runs.fail(job.run, outcome.error)
  if (outcome.type === 'cancelled') store.runs.cancel(job.run)
}

function endExport(store: Store, job: JobRow, outcome: JobOutcome): void {
  if (job.kind !== 'export' || job.export === null || outcome.type === 'finished') return
  if (outcome.type === 'failed') store.exports.fail(job.export, outcome.error)
  else store.exports.cancel(job.export)
  store.pendingFiles.discard(exportFilePath(job.export))
}

/** Why a job that was running or waiting when its program ended has no result. */
export const hostEnded = (job: JobRow): ErrorShape => ({
  code: 'WORKER_ENDED',
  message:
    job.state === 'running'
      ? `${job.label} stopped, because VASP Studio ended while it was running.`
      : `${job.label} never started, because VASP Studio ended while it was waiting.`,
  next: 'Start it again.',
})
