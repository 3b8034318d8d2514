import { cancelled, StudioError } from '../../shared/errors'
import type { ExperimentDetail } from '../../shared/experiments'
import { formatDuration } from '../../shared/format'
import type { ExperimentId, JobId } from '../../shared/ids'
import { progressLine } from './follow'
import type { Session } from './session'

/** Says how the job that trains now gets on, until it is over. */
async function showJob({ client, terminal }: Session, job: JobId, prefix: string): Promise<void> {
  for await (const event of await client.jobs.watch({ job })) {
    if (event.type === 'progress') terminal.progress(event.progress.stage, `${prefix}  ${progressLine(event.progress)}`)
  }
}

/**
 * Follows an experiment to its end: progress on standard error. An interrupt cancels the run that is trained and leaves the rest.
 * Throws CANCELLED where it was stopped, and the first failure's own error where every run that was begun failed.
 */
export async function followExperiment(session: Session, id: ExperimentId): Promise<ExperimentDetail> {
  const { client, terminal, interrupts } = session
  const stop = (): void => {
    terminal.note('Stopping … (press Ctrl-C again to end immediately)')
    void client.experiments.cancel({ id })
  }
  await interrupts.during(stop, async () => {
    let shown: JobId | null = null
    for await (const now of await client.experiments.watch({ id })) {
      if (now.job === null || now.job === shown) continue
      shown = now.job
      const left = now.secondsLeft === null ? '' : `, about ${formatDuration(now.secondsLeft)} left in all`
      const run = (await client.experiments.get({ id })).runs.find(
        ({ state }) => state === 'running' || state === 'queued',
      )
      terminal.note(
        `Run ${now.finished + 1} of ${now.total}: ${run ? `${run.label}, seed ${run.seed}` : 'training'}${left}`,
      )
      // What it says is for people who look on: a stream that breaks off is no failure of the experiment.
      showJob(session, now.job, `${now.finished + 1}/${now.total}`).catch(() => undefined)
    }
  })
  terminal.clear()
  const detail = await client.experiments.get({ id })
  if (interrupts.exitCode !== null) throw cancelled('The experiment')
  const failures = detail.runs.filter(({ state }) => state === 'failed')
  for (const { label, seed, error } of failures) {
    if (error) terminal.note(`${label}, seed ${seed} failed: ${error.message} ${error.next}`)
  }
  const [first] = failures
  if (detail.finished === 0 && first?.error) throw new StudioError(first.error)
  return detail
}
