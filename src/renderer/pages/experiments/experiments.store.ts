import { defineStore } from 'pinia'
import type { ExperimentDetail, ExperimentRequest } from '../../../shared/experiments'
import type { ExperimentId } from '../../../shared/ids'
import { useJobs } from '../../jobs/jobs.store'
import { useLibraryChanges } from '../../library-changes.store'
import { listState } from '../../list-store'
import { client } from '../../rpc'

/** All experiments of the library. */
export const useExperiments = defineStore('experiments', () => {
  const state = listState(() => client.experiments.list())
  useLibraryChanges().on(['experiments'], () => void state.reload())
  const jobs = useJobs()
  // A run that ends moves its experiment on.
  jobs.onEnd((job) => void (job.kind === 'train' && state.reload()))

  /** Reloads the list and takes up the job that has begun. */
  async function settle(detail: ExperimentDetail): Promise<ExperimentDetail> {
    await Promise.all([state.reload(), ...(detail.job === null ? [] : [jobs.follow(detail.job)])])
    return detail
  }

  const create = async (request: ExperimentRequest): Promise<ExperimentDetail> =>
    settle(await client.experiments.create(request))
  const resume = async (id: ExperimentId): Promise<ExperimentDetail> => settle(await client.experiments.resume({ id }))

  async function cancel(id: ExperimentId): Promise<void> {
    await client.experiments.cancel({ id })
    await state.reload()
  }

  async function rename(id: ExperimentId, name: string): Promise<void> {
    await client.experiments.rename({ id, name })
    await state.reload()
  }

  async function remove(id: ExperimentId, runs: boolean): Promise<{ freedBytes: number }> {
    const freed = await client.experiments.delete({ id, runs })
    await state.reload()
    return freed
  }

  return { ...state, create, resume, cancel, rename, remove }
})
