import { defineStore } from 'pinia'
import type { ExperimentDetail, ExperimentRequest } from '../../../shared/experiments'
import type { ExperimentId } from '../../../shared/ids'
import { useJobs } from '../../jobs/jobs.store'
import { engine, useList, useRefresh } from '../../queries'
import { client } from '../../rpc'

/** All experiments of the library. */
export const useExperiments = defineStore('experiments', () => {
  const state = useList(engine.experiments.list.queryOptions())
  const refresh = useRefresh()
  const jobs = useJobs()

  /** Refreshes the list with the experiment and follows its job. */
  async function showAndFollow(detail: ExperimentDetail): Promise<ExperimentDetail> {
    await Promise.all([refresh('experiments'), ...(detail.job === null ? [] : [jobs.follow(detail.job)])])
    return detail
  }

  const create = async (request: ExperimentRequest): Promise<ExperimentDetail> =>
    showAndFollow(await client.experiments.create(request))
  const resume = async (id: ExperimentId): Promise<ExperimentDetail> =>
    showAndFollow(await client.experiments.resume({ id }))

  async function cancel(id: ExperimentId): Promise<void> {
    await client.experiments.cancel({ id })
    await refresh('experiments')
  }

  async function rename(id: ExperimentId, name: string): Promise<void> {
    await client.experiments.rename({ id, name })
    await refresh('experiments')
  }

  async function remove(id: ExperimentId, runs: boolean): Promise<{ freedBytes: number }> {
    const freed = await client.experiments.delete({ id, runs })
    await refresh('experiments', 'runs')
    return freed
  }

  return { ...state, create, resume, cancel, rename, remove }
})
