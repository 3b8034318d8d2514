import { defineStore } from 'pinia'
import type { NewExport } from '../../../shared/exports'
import type { ExportId } from '../../../shared/ids'
import { useJobs } from '../../jobs/jobs.store'
import { engine, useList, useRefresh } from '../../queries'
import { client } from '../../rpc'

/** All exported lists. */
export const useExports = defineStore('exports', () => {
  const state = useList(engine.exports.list.queryOptions())
  const refresh = useRefresh()
  const jobs = useJobs()

  async function create(request: NewExport): Promise<void> {
    const { job } = await client.exports.create(request)
    await Promise.all([jobs.follow(job), refresh('exports')])
  }

  async function remove(id: ExportId): Promise<{ freedBytes: number }> {
    const freed = await client.exports.delete({ id })
    await refresh('exports')
    return freed
  }

  return { ...state, create, remove }
})
