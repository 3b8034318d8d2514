import { toErrorShape, type ErrorShape } from '../../shared/errors'
import type { Job, JobProgress, Usage } from '../../shared/jobs'
import type { EpochPoint } from '../../shared/runs'
import { workerEnded } from './ended'
import type { FromWorker } from './protocol'
import type { WorkerTask } from './specification'
import type { WorkerExit, WorkerProcess, WorkerSpawner } from './worker-process'

/** How long a worker may take to respond to a cancel before it is killed; leaves one of the promised two seconds for the process to end. */
const cancelPatience = 1000
/** How long a training may take to keep its state and stop when it is paused; after that it goes on from an earlier state. */
const keepPatience = 20_000
/** How long a worker may take to exit after its last message. */
const leavePatience = 1000

export type JobOutcome =
  | { readonly type: 'finished'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: ErrorShape }
  | { readonly type: 'cancelled' }

/** How a worker ended: with the job, or because the job is to wait again. */
export type WorkerOutcome = JobOutcome | { readonly type: 'paused' }

export type LiveEvent =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'epoch'; readonly point: EpochPoint }
  | { readonly type: 'usage'; readonly usage: Usage }

export interface SupervisedJob {
  /** Asks the worker to stop, and kills it if it has not ended after a second. */
  cancel(): void
  /** Asks the worker to stop, a training to keep its state before (for which it has 20 s), and then kills it. */
  pause(): void
  /** Asks a training to end with its best epoch so far. */
  stopEarly(): void
  /** Resolves when the process is gone, never rejects: its memory is free and nobody writes to the library any more. */
  readonly outcome: Promise<WorkerOutcome>
}

export interface WorkerOptions {
  readonly library: string
  readonly appRoot: string
  readonly spawn: WorkerSpawner
}

/** Runs the task of a job in a worker process of its own. */
export function superviseJob(
  workers: WorkerOptions,
  task: WorkerTask,
  job: Pick<Job, 'id' | 'label'>,
  onEvent: (event: LiveEvent) => void,
): SupervisedJob {
  let process: WorkerProcess
  try {
    process = workers.spawn()
  } catch (error) {
    const none = (): void => undefined
    return {
      cancel: none,
      pause: none,
      stopEarly: none,
      outcome: Promise.resolve({ type: 'failed', error: toErrorShape(error) }),
    }
  }
  let said: JobOutcome | null = null
  let cancelAsked = false
  let pauseAsked = false
  let killTimer: NodeJS.Timeout | null = null
  const killAfter = (milliseconds: number): void => {
    if (killTimer) clearTimeout(killTimer)
    killTimer = setTimeout(() => process.kill(), milliseconds)
  }

  const onMessage = (message: FromWorker): void => {
    if (said) return
    switch (message.type) {
      case 'progress':
      case 'epoch':
      case 'usage':
        if (!cancelAsked) onEvent(message)
        return
      case 'finished':
      case 'failed':
      case 'cancelled':
        said = message
        process.post({ type: 'close' })
        killAfter(leavePatience)
        return
      case 'answered':
      case 'refused':
        return
    }
  }

  const judge = (exit: WorkerExit): WorkerOutcome => {
    if (cancelAsked && said?.type !== 'finished') return { type: 'cancelled' }
    if (pauseAsked && (said === null || said.type === 'cancelled')) return { type: 'paused' }
    return said ?? { type: 'failed', error: workerEnded(job.label, exit) }
  }

  const outcome = new Promise<WorkerOutcome>((resolve) => {
    process.onMessage(onMessage)
    process.onExit((exit) => {
      if (killTimer) clearTimeout(killTimer)
      resolve(judge(exit))
    })
  })
  process.post({ type: 'start', library: workers.library, task, job: job.id })

  return {
    outcome,
    stopEarly: () => process.post({ type: 'stop' }),
    cancel() {
      if (cancelAsked || said) return
      cancelAsked = true
      process.post({ type: 'cancel' })
      killAfter(cancelPatience)
    },
    pause() {
      if (cancelAsked || pauseAsked || said) return
      pauseAsked = true
      process.post({ type: 'pause' })
      killAfter(task.kind === 'train' ? keepPatience : cancelPatience)
    },
  }
}
