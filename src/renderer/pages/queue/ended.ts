import type { Job } from '../../../shared/jobs'

/** How long an ended job ran, in seconds; null if it never started, and for jobs of earlier versions. */
export const secondsOf = ({ startedAt, endedAt }: Job): number | null =>
  startedAt === null || endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000

/** Whether an ended job can be started again from the queue: all that it needs is still in the library. */
export const canRetry = ({ state, kind, run }: Job): boolean =>
  (state === 'failed' || state === 'cancelled') && run !== null && ['train', 'evaluate', 'map'].includes(kind)
