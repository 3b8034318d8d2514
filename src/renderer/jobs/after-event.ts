import type { Job, JobEvent } from '../../shared/jobs'

/** The state of a job after one event. */
export function afterEvent(job: Job, event: JobEvent): Job {
  switch (event.type) {
    case 'queued':
      return { ...job, state: 'queued', reason: null, left: false }
    case 'paused':
      return { ...job, state: 'paused', reason: event.reason, progress: null }
    case 'epoch':
    case 'usage':
      return job
    case 'started':
      return { ...job, state: 'running', reason: null, left: false }
    case 'progress':
      return { ...job, state: 'running', progress: event.progress }
    case 'finished':
      return { ...job, state: 'finished', progress: null }
    case 'failed':
      return { ...job, state: 'failed', progress: null, error: event.error }
    case 'cancelled':
      return { ...job, state: 'cancelled', progress: null }
  }
}
