import { setPriority } from 'node:os'
import type { Question } from '../jobs/protocol'
import type { MaintenanceContext } from '../store/maintenance/backups'
import { makeBackup } from '../store/maintenance/backups'
import { checkLibrary } from '../store/maintenance/check'
import { prepareRestore } from '../store/maintenance/restore'
import type { WorkerContext } from './worker-context'

type Task = Extract<Question, { kind: 'check-library' | 'back-up' | 'prepare-restore' }>

/** Checks, backs up or prepares to restore the library, with low priority. */
export async function maintainLibrary(task: Task, worker: WorkerContext): Promise<unknown> {
  const { store, signal } = worker
  setPriority(10)
  const context: MaintenanceContext = {
    signal,
    progress: (step) => worker.progress({ ...step, unit: '' }),
  }
  switch (task.kind) {
    case 'check-library':
      return checkLibrary(store.library, context)
    case 'prepare-restore':
      return prepareRestore(store.library, task.file, context)
    case 'back-up': {
      const own = task.reason === 'scheduled'
      const policy = store.settings.read().keptBackups
      return makeBackup(store.library, task.reason, { policy, onlyIfChanged: own }, context)
    }
  }
}
