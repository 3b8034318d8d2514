import { isOpen } from '../../shared/jobs'
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mayBeAlive } from './process-lock'
import type { JobRow, RemovedFiles, Store } from './store'

const weights = /^run-(\d+)-epoch-\d+\.safetensors(?:\.(\d+)\.tmp)?$/
const exported = /^export-(\d+)\.csv(?:\.[0-9a-f-]{36}\.part)?$/

/**
 * Removes weights and exports that a killed version 0.1 left behind without listing them (files of this version are listed by
 * `pendingFiles`). It removes only files of runs and exports that had a job in this database and have ended or are deleted, and of runs whose own weights
 * exist: beside a restored or new database there are files of another one, which must stay.
 */
export function removeStrayFiles(store: Store): RemovedFiles {
  let jobs: JobRow[] | null = null
  const hadJob = (kind: 'run' | 'export', id: number): boolean =>
    (jobs ??= store.jobs.list()).some(({ specification }) => {
      const named: unknown = typeof specification === 'object' && specification && Reflect.get(specification, kind)
      return named === id
    })
  const isStrayWeights = (path: string, id: number, pid: number | null): boolean => {
    if (!hadJob('run', id) || store.pendingFiles.isNamed(path) || (pid !== null && mayBeAlive(pid))) return false
    const run = store.runs.list(null).find((known) => Number(known.id) === id)
    if (!run) return true
    if (isOpen(run.status)) return false
    const own = store.runs.checkpoint(run.id)?.path
    return pid !== null || (own !== undefined && own !== path && existsSync(join(store.library, own)))
  }
  const isStrayExport = (path: string, id: number): boolean => {
    if (!hadJob('export', id) || store.pendingFiles.isNamed(path)) return false
    const state = store.exports.list().find((known) => Number(known.id) === id)?.state
    return (
      state === undefined ||
      state === 'failed' ||
      state === 'cancelled' ||
      (state === 'finished' && path.endsWith('.part'))
    )
  }

  let [files, bytes] = [0, 0]
  const removeIf = (folder: string, isStray: (path: string, name: string) => boolean): void => {
    if (!existsSync(join(store.library, folder))) return
    for (const name of readdirSync(join(store.library, folder))) {
      const path = join(folder, name)
      const size = lstatSync(join(store.library, path), { throwIfNoEntry: false })?.size
      if (size === undefined || !isStray(path, name)) continue
      rmSync(join(store.library, path), { force: true })
      files++
      bytes += size
    }
  }
  removeIf('weights', (path, name) => {
    const [, run, pid] = weights.exec(name) ?? []
    return run !== undefined && isStrayWeights(path, Number(run), pid === undefined ? null : Number(pid))
  })
  removeIf('exports', (path, name) => {
    const id = exported.exec(name)?.[1]
    return id !== undefined && isStrayExport(path, Number(id))
  })
  return { files, bytes }
}
