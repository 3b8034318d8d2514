import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { badInput, notFound } from '../../shared/errors'
import type { ExportRequest } from '../../shared/exports'
import type { ExportId, JobId } from '../../shared/ids'
import { exportFilePath } from '../jobs/record-end'
import type { Store } from '../store/store'
import { chosenUsers } from './chosen-users'
import type { EngineContext } from './context'
import { deleteExport } from './deleting'
import { plainName } from '../interchange/plain-name'
import { procedures } from './procedures'
import { usableRun } from './runs'

const os = procedures.exports

/** The name of the saved file. */
const fileNameOf = (run: { id: number; name: string }, { k, format }: ExportRequest): string =>
  `${plainName(run.name)}-run-${run.id}-top-${k}.${format}`

function submitExport(context: EngineContext, request: ExportRequest): { export: ExportId; job: JobId } {
  const { store, queue } = context
  const { dataset } = usableRun(context, request.run)
  // Before the transaction, because a list may be long.
  const { users, unknown } =
    request.users === 'all'
      ? { users: 'all' as const, unknown: 0 }
      : chosenUsers(store, dataset, request.users, request.skipUnknown)
  const { id: job, export: created } = queue.submit(() => {
    const run = usableRun(context, request.run)
    const record = store.exports.create({
      run: run.id,
      fileName: fileNameOf(run, request),
      users: users === 'all' ? store.datasets.get(run.dataset).users : users.length,
      unknown,
      k: request.k,
      temporary: request.temporary ?? false,
    })
    return {
      label: `Exporting ${run.name}, top ${request.k}`,
      specification: {
        kind: 'export',
        export: record.id,
        run: run.id,
        users,
        k: request.k,
        unknownUsers: request.unknownUsers,
        format: request.format,
        bom: request.bom,
        file: exportFilePath(record.id),
        temporary: request.temporary ?? false,
      },
      dataset: run.dataset,
      run: run.id,
      export: record.id,
    }
  })
  if (created === null) throw new Error(`Export job ${job} names no export.`)
  return { export: created, job }
}

/** A finished export's file. Throws BAD_INPUT before it is finished, NOT_FOUND if the file is missing. */
export function exportFile(store: Store, id: ExportId): { path: string; fileName: string } {
  const record = store.exports.get(id)
  if (record.state !== 'finished') {
    throw badInput(`The export “${record.fileName}” is ${record.state}.`, 'Wait until it is finished, or export again.')
  }
  const path = join(store.library, exportFilePath(id))
  if (!existsSync(path)) {
    throw notFound(`The file of the export “${record.fileName}” is no longer in the library.`, 'Export it again.')
  }
  return { path, fileName: record.fileName }
}

export const exports = os.router({
  list: os.list.handler(({ context: { store } }) => {
    // Those of removed runs are deleted with them.
    const removed = store.runs.removed()
    return store.exports.list().filter(({ run }) => !removed.has(run))
  }),
  create: os.create.handler(({ context, input }) => submitExport(context, input)),
  delete: os.delete.handler(({ context, input }) => deleteExport(context, input.id)),
})
