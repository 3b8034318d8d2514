import { watch } from 'vue'
import type { ErrorShape } from '../shared/errors'
import type { LibraryChange } from '../shared/library'
import { useJobs } from './jobs/jobs.store'
import { useRefresh } from './queries'
import { client, connections } from './rpc'
import { followStream } from './stream'

/**
 * Keeps the shown data current while the app runs, whether this page, another page or another program changes the library. The engine reports changes
 * only from the moment of the request, so this starts before anything is loaded.
 * @param failed is called if the library can no longer be read
 */
export function useLibraryChanges(failed: (failure: ErrorShape) => void): void {
  const refresh = useRefresh()
  const jobs = useJobs()

  function take({ changed }: LibraryChange): void {
    // Not awaited, so that changes in the meantime are not missed.
    void refresh(...changed)
    if (changed.includes('jobs')) void jobs.keepCurrent()
  }
  watch(connections, () => void followStream(() => client.library.changes(), take, failed), { immediate: true })
}
