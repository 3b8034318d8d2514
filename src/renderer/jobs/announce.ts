import type { Job } from '../../shared/jobs'
import type { Ending } from './jobs.store'

/** The message when a job has succeeded, by kind. */
const finishedTitle: Record<Job['kind'], string> = {
  import: 'Import finished',
  train: 'Training finished',
  evaluate: 'Evaluation finished',
  export: 'Export finished',
  map: 'Map finished',
  split: 'Split finished',
  setup: 'Set-up finished',
}
const openLabel: Record<Job['kind'], string> = {
  import: 'Open data set',
  train: 'Open run',
  evaluate: 'Open run',
  export: 'Open exports',
  map: 'Open map',
  split: 'Open data set',
  setup: 'Open System',
}

export interface Announcement {
  readonly title: string
  readonly description: string
  readonly action: string
}

/** “Training a model on MovieLens” → “A model on MovieLens”: the title already says what was done. */
const subject = (label: string): string => label.replace(/^\w+ing (?=\S)/, '')

/** The toast when a job ends; failures have their own message, and cancellations need none. */
export const announcement = (job: Job, ending: Ending): Announcement | null =>
  ending.type === 'finished'
    ? {
        title: finishedTitle[job.kind],
        description: `${subject(job.label)}${job.run === null ? '' : ` (run ${job.run})`}`,
        action: openLabel[job.kind],
      }
    : null
