import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { VersionChoice } from '../../../shared/datasets'
import type { DatasetId } from '../../../shared/ids'
import { useJobs } from '../../jobs/jobs.store'
import { useLibraryChanges } from '../../library-changes.store'
import { listState } from '../../list-store'
import { client } from '../../rpc'

/** All data sets of the library. */
export const useDatasets = defineStore('datasets', () => {
  const state = listState(() => client.datasets.list())
  useLibraryChanges().on(['datasets'], () => void state.reload())
  const jobs = useJobs()
  /** One entry per data set: its newest version. */
  const newest = computed(() => state.list.value.filter((dataset) => dataset.newest))

  async function importSample(): Promise<void> {
    const { job } = await client.datasets.importSample()
    await jobs.follow(job)
  }

  async function rename(id: DatasetId, name: string): Promise<void> {
    await client.datasets.rename({ id, name })
    await state.reload()
  }

  async function remove(id: DatasetId, versions: VersionChoice): Promise<{ freedBytes: number }> {
    const freed = await client.datasets.delete({ id, versions })
    await state.reload()
    return freed
  }

  return { ...state, newest, importSample, rename, remove }
})
