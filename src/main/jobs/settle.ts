import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { ErrorShape } from '../../shared/errors'
import type { JobRow, Store } from '../store/store'
import type { JobOutcome } from './supervisor'
import { jobSpecification } from './specification'

/** Where an export's file lies, relative to the library folder. */
export const exportFilePath = (id: number): string => join('exports', `export-${id}.csv`)

function settleRun(store: Store, job: JobRow, outcome: JobOutcome): void {
  if (job.kind !== 'train' || job.run === null) return
  // The worker itself stored a finished run with its figures, even if it died before it could say so.
  const state = store.runs.get(job.run).status.state
  if (state !== 'running' && state !== 'queued') return
  if (outcome.type === 'failed') store.runs.fail(job.run, outcome.error)
  if (outcome.type === 'cancelled') store.runs.cancel(job.run)
}

function settleExport(store: Store, job: JobRow, outcome: JobOutcome): void {
  if (job.kind !== 'export' || job.export === null || outcome.type === 'finished') return
  if (outcome.type === 'failed') store.exports.fail(job.export, outcome.error)
  else store.exports.cancel(job.export)
  const specification = jobSpecification.safeParse(job.specification)
  if (specification.success && specification.data.kind === 'export') {
    removeFile(join(store.library, specification.data.file))
  }
}

/** Removes a file and what a killed writer left of it under temporary names (`<file>.<random>.part`). */
function removeFile(file: string): void {
  rmSync(file, { force: true })
  let names: string[]
  try {
    names = readdirSync(dirname(file))
  } catch {
    return // No folder yet, so nothing was left in it.
  }
  for (const name of names) {
    if (name.startsWith(`${basename(file)}.`)) rmSync(join(dirname(file), name), { force: true })
  }
}

/**
 * Writes down how a job ended: its own row, and the run or export that it was for. The only place that marks one of them failed or
 * cancelled, so that a job that says so itself, a killed worker and a dead host all leave the same trace.
 */
export function settleJob(store: Store, job: JobRow, outcome: JobOutcome): void {
  settleRun(store, job, outcome)
  settleExport(store, job, outcome)
  store.jobs.end(job.id, outcome.type, outcome.type === 'failed' ? outcome.error : null)
}

/** Why a job that was running or waiting when its program ended has no result. */
export const hostEnded = (job: JobRow): ErrorShape => ({
  code: 'WORKER_ENDED',
  message:
    job.state === 'running'
      ? `${job.label} stopped, because VASP Studio ended while it was running.`
      : `${job.label} never began, because VASP Studio ended while it was waiting.`,
  next:
    job.kind === 'train' && job.state === 'running'
      ? 'The best epoch up to then is kept, if there was one; start the run again to train to the end.'
      : 'Start it again.',
})
