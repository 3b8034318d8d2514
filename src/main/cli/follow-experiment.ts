import { cancelled } from '../../shared/errors'
import type { ExperimentDetail } from '../../shared/experiments'
import { formatDuration } from '../../shared/format'
import type { ExperimentId, JobId } from '../../shared/ids'
import { progressLine } from './follow'
import type { Session } from './session'

/** Shows the progress of the current job until it ends. */
async function showJob({ client, terminal }: Session, job: JobId, prefix: string): Promise<void> {
  for await (const event of await client.jobs.watch({ job })) {
    if (event.type === 'progress') terminal.progress(event.progress.stage, `${prefix}  ${progressLine(event.progress)}`)
  }
}

/**
 * Follows an experiment to its end, with its progress on standard error. An interrupt cancels the current run and does not start the others.
 * Throws CANCELLED if it was stopped.
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
      // Progress is only shown to people: a broken stream is not a failure of the experiment.
      showJob(session, now.job, `${now.finished + 1}/${now.total}`).catch(() => undefined)
    }
  })
  terminal.clear()
  if (interrupts.exitCode !== null) throw cancelled('The experiment')
  return client.experiments.get({ id })
}
