import type { Run } from '../../shared/runs'

/** The state of a run in a word or two; a stopped run that has its best epoch can still be used. */
export function runStatusWord({ status, usable }: Run): string {
  switch (status.state) {
    case 'queued':
    case 'paused':
    case 'running':
    case 'finished':
      return status.state
    case 'failed':
    case 'cancelled':
      return usable ? `${status.state}, usable` : status.state
  }
}
