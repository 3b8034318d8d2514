import { Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput, notFound, StudioError } from '../../../shared/errors'
import { formatTime } from '../../../shared/format'
import { jobId, type JobId } from '../../../shared/ids'
import { isOpen, type Job } from '../../../shared/jobs'
import { progressLine } from '../follow'
import { read, wholeNumber } from '../options'
import { withSession, type Invocation, type Session } from '../session'
import { number, table, text } from '../table'

const moveOptions = z.object({
  before: z.number().optional(),
  first: z.boolean().default(false),
  last: z.boolean().default(false),
})

/** `queue`: what runs and waits in the library, of this and other programs on it. */
export function addQueue(program: Command, invocation: Invocation): void {
  const queue = program
    .command('queue')
    .summary('list, move, pause and resume the jobs of the library')
    .description(
      'Lists the jobs of the library that run or wait, in the order in which they start. Jobs that compute stay in the queue when their program ends, and go on with "vasp queue resume" or in the app; no two of them compute on one device at the same time.',
    )
    .helpGroup('Models:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp queue
  $ vasp queue move 12 --first
  $ vasp queue pause 12
  $ vasp queue resume`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const jobs = (await client.jobs.list()).filter(isOpen)
        terminal.result({ jobs }, () => (jobs.length === 0 ? 'Nothing runs or waits.' : queueTable(jobs)))
      }),
    )

  queue
    .command('move')
    .summary('change the place of a waiting job')
    .argument('<job>', 'job, see vasp queue', wholeNumber(1))
    .addOption(new Option('--before <job>', 'start it before this job').argParser(wholeNumber(1)))
    .option('--first', 'start it next')
    .option('--last', 'start it after all others')
    .action((asked: number, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { before, first, last } = read(moveOptions, command)
        if ([before !== undefined, first, last].filter(Boolean).length !== 1)
          throw badInput('The new place is missing.', 'Give one of --before JOB, --first and --last.')
        const moved = await openJob(session, asked)
        const waiting = (await session.client.jobs.list()).filter(
          ({ state, id }) => (state === 'queued' || state === 'paused') && id !== moved.id,
        )
        const target =
          before === undefined ? (first ? (waiting[0]?.id ?? null) : null) : (await openJob(session, before)).id
        const jobs = await session.client.jobs.move({ job: moved.id, before: target })
        session.terminal.result({ jobs }, () => queueTable(jobs))
      }),
    )

  queue
    .command('pause')
    .summary('let jobs wait; a running training keeps its state')
    .argument('<jobs...>', 'jobs, see vasp queue')
    .action((asked: string[], _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const paused: Job[] = []
        for (const id of ids(asked)) {
          const job = await openJob(session, id)
          await session.client.jobs.pause({ job: job.id })
          paused.push(job)
        }
        session.terminal.result({ paused: paused.map(({ id }) => id) }, () =>
          paused.map(({ id, label }) => `Job ${id} (${label}) is paused. Next: vasp queue resume ${id}`).join('\n'),
        )
      }),
    )

  queue
    .command('stop')
    .summary('end a running training early, with its best epoch so far')
    .description(
      'Ends a running training at its next step: the epoch that has begun is left out, the best epoch so far is measured on the test users, and the run is finished. Cancelling a training measures nothing.',
    )
    .argument('<job>', 'job, see vasp queue')
    .action((asked: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const [id] = ids([asked])
        const job = await openJob(session, id!)
        await session.client.jobs.stopEarly({ job: job.id })
        session.terminal.result(
          { stopped: job.id },
          () => `Job ${job.id} (${job.label}) ends with its best epoch so far.`,
        )
      }),
    )

  queue
    .command('resume')
    .summary('let paused jobs go on')
    .description(
      'Lets paused jobs wait for their turn again; without a number, all whose program has ended. Jobs of a program that still runs go on there. The others go on here, one after the other, until they are done or Ctrl-C leaves them in the queue.',
    )
    .argument('[jobs...]', 'jobs, see vasp queue')
    .action((asked: string[], _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const open: Job[] = []
        for (const id of ids(asked)) open.push(await openJob(session, id))
        const freed = await session.client.jobs.goOn({ jobs: asked.length > 0 ? open.map(({ id }) => id) : null })
        if (freed.length === 0) session.terminal.note('No job is paused.')
        const ended = await followAll(
          session,
          freed.filter(({ here }) => here),
        )
        session.terminal.result({ resumed: freed.map(({ id }) => id), ended }, () =>
          ended.map(({ id, label, state }) => `Job ${id} (${label}): ${state}.`).join('\n'),
        )
        const failed = ended.find(({ error }) => error !== null)
        if (failed?.error) throw new StudioError(failed.error)
      }),
    )

  queue
    .command('cancel')
    .summary('cancel running or waiting jobs')
    .argument('<jobs...>', 'jobs, see vasp queue')
    .action((asked: string[], _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const done: { id: JobId; label: string; cancelled: boolean }[] = []
        for (const id of ids(asked)) {
          const { id: job, label } = await openJob(session, id)
          const { cancelled } = await session.client.jobs.cancel({ job })
          done.push({ id: job, label, cancelled })
        }
        session.terminal.result({ jobs: done }, () =>
          done
            .map(
              ({ id, label, cancelled }) => `Job ${id} (${label}) ${cancelled ? 'is cancelled' : 'had already ended'}.`,
            )
            .join('\n'),
        )
      }),
    )
}

/** Throws BAD_INPUT for an argument that is not a number. */
const ids = (asked: readonly string[]): number[] => asked.map((one) => wholeNumber(1)(one))

/** Throws NOT_FOUND with those that exist. */
async function openJob({ client }: Session, id: number): Promise<Job> {
  const open = (await client.jobs.list()).filter(isOpen)
  const job = open.find((one) => one.id === id)
  if (job) return job
  throw notFound(
    `No job ${id} runs or waits.`,
    open.length === 0 ? 'Nothing runs or waits.' : `Those that do: ${open.map((one) => one.id).join(', ')}.`,
  )
}

/** Follows jobs to their end; Ctrl-C leaves those that have not ended in the queue. */
async function followAll({ client, terminal, interrupts }: Session, jobs: readonly Job[]): Promise<Job[]> {
  const stopping = new AbortController()
  const ended: Job[] = []
  await interrupts.during(
    () => {
      terminal.note('Stopping; what is not done stays in the queue … (press Ctrl-C again to end immediately)')
      stopping.abort()
    },
    async () => {
      for (const [index, { id, label }] of jobs.entries()) {
        if (stopping.signal.aborted) return
        terminal.note(`${index + 1} of ${jobs.length}: ${label}`)
        for await (const event of await client.jobs.watch({ job: jobId.parse(id) }, { signal: stopping.signal })) {
          if (event.type === 'progress') terminal.progress(event.progress.stage, progressLine(event.progress))
          if (event.type === 'queued' && event.ahead > 0)
            terminal.progress('queued', `Waiting for ${event.ahead} other jobs`)
          if (event.type === 'paused') terminal.progress('paused', event.reason)
        }
        ended.push(...(await client.jobs.list()).filter((job) => job.id === id && !isOpen(job)))
      }
    },
  )
  terminal.clear()
  return ended
}

const queueTable = (jobs: readonly Job[]): string =>
  table(
    [number('job'), text('what'), text('state'), number('run'), text('since'), text('')],
    jobs.map(({ id, label, state, run, createdAt, startedAt, reason, after, progress }) => [
      String(id),
      label,
      state,
      run === null ? '' : String(run),
      formatTime(startedAt ?? createdAt),
      reason ?? (progress ? progressLine(progress) : after === null ? '' : `after run ${after}`),
    ]),
  )
