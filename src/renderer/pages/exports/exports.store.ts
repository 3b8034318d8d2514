import { defineStore } from 'pinia'
import type { NewExport } from '../../../shared/exports'
import type { ExportId } from '../../../shared/ids'
import { useJobs } from '../../jobs/jobs.store'
import { useLibraryChanges } from '../../library-changes.store'
import { listState } from '../../list-store'
import { client } from '../../rpc'

/** All exported lists. */
export const useExports = defineStore('exports', () => {
  const state = listState(() => client.exports.list())
  useLibraryChanges().on(['exports'], () => void state.reload())
  const jobs = useJobs()

  async function create(request: NewExport): Promise<void> {
    const { job } = await client.exports.create(request)
    await Promise.all([jobs.follow(job), state.reload()])
  }

  async function remove(id: ExportId): Promise<{ freedBytes: number }> {
    const freed = await client.exports.delete({ id })
    await state.reload()
    return freed
  }

  return { ...state, create, remove }
})
