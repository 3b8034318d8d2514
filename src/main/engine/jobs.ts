import { badInput, StudioError } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import { isOpen } from '../../shared/jobs'
import { isDurable, jobSpecification } from '../jobs/specification'
import type { EngineContext } from './context'
import { procedures } from './procedures'
import { resumeTraining } from './resuming'

const os = procedures.jobs

/** Throws CONFLICT for a job that has not failed and was not cancelled, BAD_INPUT for one whose files are gone. */
function retry({ store, queue }: EngineContext, id: JobId): JobId {
  const row = store.jobs.get(id)
  if (row.state !== 'failed' && row.state !== 'cancelled')
    throw new StudioError({
      code: 'CONFLICT',
      message: `“${row.label}” is ${row.state}, so there is nothing to try again.`,
      next: 'Try a job again that failed or was cancelled.',
    })
  const specification = jobSpecification.parse(row.specification)
  if (row.run === null || !isDurable(specification) || specification.kind === 'export')
    throw badInput(
      `“${row.label}” cannot be started again from here.`,
      row.kind === 'export' ? 'Export again on the Exports page.' : 'Start it again where it was started.',
    )
  if (specification.kind === 'train') return resumeTraining({ store, queue }, row.run).job
  const { run } = row
  return queue.submit(() => ({
    label: row.label,
    specification,
    ...(row.dataset === null ? {} : { dataset: row.dataset }),
    run: store.runs.get(run).id,
  })).id
}

export const jobs = os.router({
  list: os.list.handler(({ context }) => context.queue.list()),
  watch: os.watch.handler(({ context, input, signal }) => context.queue.watch(input.job, signal)),
  cancel: os.cancel.handler(async ({ context, input }) => ({ cancelled: await context.queue.cancel(input.job) })),
  stopEarly: os.stopEarly.handler(({ context, input }) => context.queue.stopEarly(input.job)),
  pause: os.pause.handler(async ({ context, input }) => {
    await context.queue.pause(input.job)
    return context.queue.list().filter(isOpen)
  }),
  goOn: os.goOn.handler(({ context, input }) => {
    const freed = context.queue.goOn(input.jobs)
    if (input.jobs === null) context.scheduler.goOnLeft()
    return freed
  }),
  move: os.move.handler(({ context, input }) => {
    context.queue.move(input.job, input.before)
    return context.queue.list().filter(isOpen)
  }),
  retry: os.retry.handler(({ context, input }) => ({ job: retry(context, input.job) })),
  conditions: os.conditions.handler(({ context }) => context.conditions()),
})
