import { join } from 'node:path'
import { assertNever } from './assert-never'
import { openChannel } from './channel'
import { workerError } from './errors'
import { ProgressReporter } from './progress'
import { reportUsage } from './usage'
import { openStore } from '../store/open'
import type { Store } from '../store/store'
import { toErrorShape } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import { log } from '../jobs/log'
import { makePrivateFiles } from '../jobs/private-files'
import type { JobSpecification, WorkerTask } from '../jobs/specification'
import type { Question } from '../jobs/protocol'
import { pausedIsCancelled, type WorkerContext } from './worker-context'

/**
 * Entry of the worker process: one task, named by the first message. Each kind of task is loaded on demand, so that an
 * import never loads TensorFlow and a training run never loads DuckDB.
 */
makePrivateFiles()
const channel = openChannel()
const cancel = new AbortController()
const pause = new AbortController()
const stop = new AbortController()
const progress = new ProgressReporter((latest) => channel.post({ type: 'progress', progress: latest }))
let store: Store | null = null
let answer: ((question: Question) => Promise<unknown>) | null = null
/** Questions are answered one after the other, in order. */
let turn: Promise<unknown> = Promise.resolve()

function leave(): never {
  store?.close()
  process.exit(0)
}

function fail(error: unknown): void {
  progress.stop()
  if (error instanceof Error && !('next' in error)) log(error.stack ?? error.message)
  const shape = workerError(error)
  channel.post(shape.code === 'CANCELLED' ? { type: 'cancelled' } : { type: 'failed', error: shape })
}

/** On a full disk there may be no room for it; then only the exit at the end of the host's connection ends this process in time. */
function markWorked(opened: Store, job: JobId): void {
  try {
    opened.jobs.workedHere(job)
  } catch (error) {
    if (toErrorShape(error).code !== 'DISK_FULL') throw error
  }
}

function workerContext(library: string, job: JobId | null): WorkerContext {
  const opened = openStore(library)
  store = opened
  if (job !== null) markWorked(opened, job)
  return {
    store: opened,
    commit: (last) =>
      opened.transaction(() => {
        const result = last()
        if (job !== null) opened.jobs.finish(job, result)
        return result
      }),
    use: (dataset) => {
      if (job !== null) opened.jobs.use(job, dataset)
    },
    batchThread: join(import.meta.dirname, 'batches.js'),
    writeThread: join(import.meta.dirname, 'writes.js'),
    signal: cancel.signal,
    pause: pause.signal,
    stop: stop.signal,
    progress: (latest) => progress.report(latest),
    epoch: (point) => channel.post({ type: 'epoch', point }),
  }
}

async function runJob(task: JobSpecification, whole: WorkerContext): Promise<unknown> {
  // Only a training keeps what it has done; a paused task of another kind begins again.
  const context = task.kind === 'train' ? whole : pausedIsCancelled(whole)
  switch (task.kind) {
    case 'import':
      return (await import('./import')).runImport(task, context)
    case 'train':
      reportUsage((latest) => channel.post({ type: 'usage', usage: latest }))
      return (await import('./train')).runTraining(task, context)
    case 'evaluate':
      return (await import('./evaluate')).runEvaluation(task, context)
    case 'export':
      return (await import('./export')).runExport(task, context)
    case 'map':
      return (await import('./map')).runMap(task, context)
    case 'split':
      return (await import('./split')).runSplit(task, context)
    case 'setup':
      return (await import('./setup')).runSetup(context)
    default:
      return assertNever(task)
  }
}

async function start(task: WorkerTask, library: string, job: JobId | null): Promise<void> {
  const context = workerContext(library, job)
  if (task.kind === 'serve') {
    answer = await (await import('./serve')).serveRun(task, context)
  } else if (task.kind === 'probe') {
    const { answerProbe } = await import('./probe')
    answer = (question) => answerProbe(question, context)
  } else {
    const result = await runJob(task, context)
    progress.stop()
    channel.post({ type: 'finished', result })
  }
}

async function reply(id: number, question: Question): Promise<void> {
  try {
    if (!answer) throw new Error('This worker answers no questions.')
    channel.post({ type: 'answered', id, answer: await answer(question) })
  } catch (error) {
    channel.post({ type: 'refused', id, error: workerError(error) })
  }
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
// Ctrl+C in a terminal reaches the whole process group; the engine decides whether its workers stop.
process.on('SIGINT', () => undefined)
channel.onGone(leave)
channel.onMessage((message) => {
  switch (message.type) {
    case 'start': {
      // A worker whose model could not be loaded ends: the caller gets the reason, and the next question starts a new worker.
      turn = start(message.task, message.library, message.job).catch(fail)
      return
    }
    case 'cancel':
      cancel.abort()
      return
    case 'pause':
      pause.abort()
      return
    case 'stop':
      stop.abort()
      return
    case 'ask':
      turn = turn.then(() => reply(message.id, message.question))
      return
    case 'close':
      leave()
      return
    default:
      assertNever(message)
  }
})
