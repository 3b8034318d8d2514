import { statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError, toErrorShape } from '../../shared/errors'
import {
  libraryBackup,
  libraryCheck,
  type LibraryCheck,
  type LibraryStatus,
  type LibraryStep,
  type Restored,
} from '../../shared/library'
import { askOnce } from '../jobs/answering-worker'
import type { Question } from '../jobs/protocol'
import { backupsIn, chosenBackup, removeBackup } from '../store/maintenance/backup-files'
import { lastCheckOf, rememberCheck } from '../store/maintenance/last-check'
import { backupsOf, databaseOf, exportsOf, namesIn, weightsOf } from '../store/library-folder'
import type { EngineContext } from './context'
import { procedures } from './procedures'

const os = procedures.library

/** Large libraries are read to their last byte, with low priority. */
const patience = 6 * 3_600_000

const bytesIn = (folder: string): number =>
  namesIn(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0)

function statusOf({ store: { library }, backups }: EngineContext): LibraryStatus {
  const size = (end: string): number => statSync(`${databaseOf(library)}${end}`, { throwIfNoEntry: false })?.size ?? 0
  return {
    folder: library,
    bytes: {
      database: size('') + size('-wal'),
      weights: bytesIn(weightsOf(library)),
      exports: bytesIn(exportsOf(library)),
      backups: bytesIn(backupsOf(library)),
    },
    backups: backupsIn(library),
    backupFailure: backups.failure,
    lastCheck: lastCheckOf(library),
  }
}

interface StepEvent {
  readonly type: 'step'
  readonly step: LibraryStep
}

type Task = Extract<Question, { kind: 'check-library' | 'back-up' | 'prepare-restore' }>

/** Runs a task in a worker; yields its steps and returns its result. */
async function* inWorker(
  { workers }: EngineContext,
  task: Task,
  what: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StepEvent, unknown> {
  const steps: LibraryStep[] = []
  let wake = (): void => undefined
  const ending = { ended: false }
  const answer = askOnce(workers, { kind: 'probe' }, task, patience, what, signal, ({ stage, done, total }) => {
    steps.push({ stage, done, total })
    wake()
  })
  const ended = (): void => {
    ending.ended = true
    wake()
  }
  answer.then(ended, ended)
  while (!ending.ended) {
    await new Promise<void>((resolve) => {
      wake = resolve
      if (ending.ended || steps.length > 0) resolve()
    })
    for (let step = steps.shift(); step; step = steps.shift()) yield { type: 'step', step }
  }
  return answer
}

async function* checked(
  context: EngineContext,
  signal: AbortSignal | undefined,
): AsyncGenerator<StepEvent, LibraryCheck> {
  const { library } = context.store
  let result: LibraryCheck
  try {
    result = libraryCheck.parse(yield* inWorker(context, { kind: 'check-library' }, 'Checking the library', signal))
  } catch (error) {
    const { code, message, next } = toErrorShape(error)
    // If the worker cannot open the library, its error is the result of the check.
    if (code !== 'DAMAGED_FILE') throw error
    const finding = { severity: 'error', kind: 'database', message, remedy: next } as const
    result = { checkedAt: new Date().toISOString(), findings: [finding] }
  }
  rememberCheck(library, result)
  return result
}

async function* restoring(
  context: EngineContext,
  file: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StepEvent, Restored> {
  const { store, queue, serving } = context
  chosenBackup(store.library, file)
  const requireIdle = (): void => {
    const job = queue.unfinished()[0]
    if (!job && store.experiments.list().every(({ owned }) => !owned)) return
    throw new StudioError({
      code: 'CONFLICT',
      message: `The library cannot be restored while ${job ? `“${job.label}” is ${job.state === 'running' ? 'running' : 'waiting'}` : 'an experiment is running'}.`,
      next: 'Wait until it has ended, or cancel it first.',
    })
  }
  requireIdle()
  const { backup } = preparedRestore.parse(
    yield* inWorker(context, { kind: 'prepare-restore', file }, 'Checking the backup', signal),
  )
  await serving.release('any')
  requireIdle()
  const setAside = store.restore()
  const { findings } = yield* checked(context, signal)
  return { backup, setAside, findings }
}

const preparedRestore = z.object({ backup: libraryBackup })

export const library = os.router({
  status: os.status.handler(({ context }) => statusOf(context)),
  changes: os.changes.handler(({ context, signal }) => context.changes.watch(signal)),
  check: os.check.handler(async function* ({ context, signal }) {
    yield { type: 'done' as const, result: yield* checked(context, signal) }
  }),
  backUp: os.backUp.handler(async function* ({ context, signal }) {
    const made = yield* inWorker(context, { kind: 'back-up', reason: 'asked' }, 'Backing up the library', signal)
    yield { type: 'done' as const, result: libraryBackup.parse(made) }
  }),
  restore: os.restore.handler(async function* ({ context, input, signal }) {
    yield { type: 'done' as const, result: yield* restoring(context, input.file, signal) }
  }),
  deleteBackup: os.deleteBackup.handler(({ context, input }) => {
    const backup = chosenBackup(context.store.library, input.file)
    removeBackup(context.store.library, backup)
    return { freedBytes: backup.bytes }
  }),
})
