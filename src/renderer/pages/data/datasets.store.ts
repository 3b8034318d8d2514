import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { VersionChoice } from '../../../shared/datasets'
import type { DatasetId } from '../../../shared/ids'
import { useJobs } from '../../jobs/jobs.store'
import { engine, useList, useRefresh } from '../../queries'
import { client } from '../../rpc'

/** All data sets of the library. */
export const useDatasets = defineStore('datasets', () => {
  const state = useList(engine.datasets.list.queryOptions())
  const refresh = useRefresh()
  const jobs = useJobs()
  /** One entry per data set: its newest version. */
  const newest = computed(() => state.list.value.filter((dataset) => dataset.newest))

  async function importSample(): Promise<void> {
    const { job } = await client.datasets.importSample()
    await jobs.follow(job)
  }

  async function rename(id: DatasetId, name: string): Promise<void> {
    await client.datasets.rename({ id, name })
    await refresh('datasets')
  }

  async function remove(id: DatasetId, versions: VersionChoice): Promise<{ freedBytes: number }> {
    const freed = await client.datasets.delete({ id, versions })
    // Its runs and exports are deleted, too.
    await refresh('datasets', 'runs', 'exports')
    return freed
  }

  return { ...state, newest, importSample, rename, remove }
})
