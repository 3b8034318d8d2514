import { expect, it } from 'vitest'
import { job, type Job } from '../../shared/jobs'
import { computedSince } from './time-estimates'

const aJob = (changes: Partial<Job>): Job =>
  job.parse({
    ...{ id: 1, kind: 'import', label: 'Import films', state: 'finished', reason: null, left: false, here: false },
    ...{ place: 1, after: null, progress: null, dataset: null, run: null, export: null, error: null },
    ...{ createdAt: '2026-11-01T09:00:00Z', startedAt: '2026-11-01T09:00:00Z', endedAt: '2026-11-01T09:30:00Z' },
    ...changes,
  })
const began = '2026-11-01T10:00:00.000Z'

it.each([
  ['ended before', {}, false],
  ['ended meanwhile', { endedAt: '2026-11-01T10:00:01Z' }, true],
  ['still running', { state: 'running', endedAt: null }, true],
  [
    'began and failed meanwhile',
    { state: 'failed', startedAt: '2026-11-01T10:00:02Z', endedAt: '2026-11-01T10:00:03Z' },
    true,
  ],
  ['paused since before', { state: 'paused', endedAt: null }, false],
  ['queued', { state: 'queued', startedAt: null, endedAt: null }, false],
] as const)('a job that is %s: computed while something was measured: %s', (_, changes, expected) => {
  expect(computedSince([aJob(changes)], began)?.label ?? null).toBe(expected ? 'Import films' : null)
})
