import type { z } from 'zod'
import { cancelled, StudioError } from '../../shared/errors'
import { formatBytes, formatCount, formatDuration, formatMetric } from '../../shared/format'
import type { JobId } from '../../shared/ids'
import type { JobEvent, JobProgress } from '../../shared/jobs'
import type { EpochPoint } from '../../shared/runs'
import type { Session } from './session'

/**
 * Follows a job to its end: progress on standard error, its result parsed by `schema`. An interrupt cancels the job.
 * Throws the job's own error if it failed, CANCELLED if it was stopped. @param what names it in sentences: "The import"
 */
export async function follow<Schema extends z.ZodType>(
  { client, terminal, interrupts }: Session,
  job: JobId,
  what: string,
  schema: Schema,
  onEvent?: (event: JobEvent) => Promise<void>,
): Promise<z.output<Schema>> {
  const stop = (): void => {
    terminal.note('Stopping … (press Ctrl-C again to end immediately)')
    void client.jobs.cancel({ job })
  }
  return interrupts.during(stop, async () => {
    for await (const event of await client.jobs.watch({ job })) {
      await onEvent?.(event)
      switch (event.type) {
        case 'queued':
          if (event.ahead > 0) terminal.progress('queued', `Waiting for ${event.ahead} other jobs of this library`)
          break
        case 'paused':
          terminal.progress('paused', `${event.reason} It goes on by “vasp queue resume”, or in the app.`)
          break
        case 'started':
        case 'usage':
          break
        case 'progress':
          terminal.progress(event.progress.stage, progressLine(event.progress))
          break
        case 'epoch':
          if (terminal.dueForDetail) terminal.note(epochLine(event.point))
          break
        case 'finished':
          terminal.clear()
          return schema.parse(event.result)
        case 'failed':
          throw new StudioError(event.error)
        case 'cancelled':
          throw cancelled(what)
      }
    }
    throw new StudioError({
      code: 'INTERNAL',
      message: `${what} ended without a result.`,
      next: 'Check its state with vasp runs, then start it again.',
    })
  })
}

/** `Training  12 of 50 epochs  24 %  1 min 10 s left`. */
export function progressLine({ stage, done, total, unit, secondsLeft }: JobProgress): string {
  const [amount, counted] = unit === 'bytes' ? [formatBytes, ''] : [formatCount, ` ${unit}`]
  const count = total === null ? `${amount(done)}${counted}` : `${amount(done)} of ${amount(total)}${counted}`
  const parts = total === null && done === 0 ? [stage] : [stage, count]
  if (total !== null && total > 0) parts.push(`${Math.floor((100 * done) / total)} %`)
  if (secondsLeft !== null) parts.push(`${formatDuration(secondsLeft)} left`)
  return parts.join('  ')
}

function epochLine({ epoch, label, loss, validation, seconds }: EpochPoint): string {
  const losses = Object.entries(loss).map(([name, value]) => `${name} ${value.toPrecision(4)}`)
  const figures = Object.entries(validation).map(([name, { mean }]) => `${name} ${formatMetric(mean)}`)
  return [`  ${String(epoch).padStart(3)}`, label, ...losses, ...figures, formatDuration(seconds)].join('  ')
}
