import { announcement } from './announce'
import type { Ending } from './jobs.store'
import type { Job } from '../../shared/jobs'

/**
 * Tells on the desktop that a job has ended, unless the window is in front or notifications are not allowed. Cancellations need no message.
 *
 * @param open shows the job's page when the notification is clicked
 */
export function notify(job: Job, ending: Ending, open: () => void): void {
  if (document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return
  const said =
    ending.type === 'failed' ? { title: 'A job failed', description: ending.error.message } : announcement(job, ending)
  if (!said) return
  const shown = new Notification(said.title, { body: said.description, tag: `job-${job.id}` })
  shown.onclick = () => {
    window.focus()
    open()
  }
}
