import type { Job } from '../../shared/jobs'

/** The page that shows a job's result. */
export function jobRoute(job: Job): string {
  switch (job.kind) {
    case 'import':
    case 'split':
      return job.dataset === null ? '/data' : `/data/${job.dataset}`
    case 'train':
    case 'evaluate':
      return job.run === null ? '/runs' : `/runs/${job.run}`
    case 'map':
      return job.run === null ? '/explore' : `/explore/map/${job.run}`
    case 'setup':
      return '/system'
    case 'export':
      return '/exports'
  }
}
