import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { JobId, RunId } from '../../../shared/ids'
import type { ModelDescriptor, ModelKind } from '../../../shared/models'
import type { NewTraining } from '../../../shared/runs'
import { useJobs } from '../../jobs/jobs.store'
import { useLibraryChanges } from '../../library-changes.store'
import { listState } from '../../list-store'
import { client } from '../../rpc'

/** All runs of the library, and the models that can be trained. */
export const useRuns = defineStore('runs', () => {
  const state = listState(() => client.runs.list({ dataset: null }))
  useLibraryChanges().on(['runs'], () => void state.reload())
  const jobs = useJobs()
  const models = shallowRef<readonly ModelDescriptor[]>([])

  /** What can recommend, explain and export, newest first. */
  const usable = computed(() => state.list.value.filter((run) => run.usable).sort((a, b) => b.id - a.id))

  async function loadModels(): Promise<readonly ModelDescriptor[]> {
    if (models.value.length === 0) models.value = await client.runs.models()
    return models.value
  }

  /** Until the models are known, and for a run of another version's, the kind itself. */
  const modelName = (kind: ModelKind): string => models.value.find((model) => model.kind === kind)?.name ?? kind

  async function train(request: NewTraining): Promise<{ run: RunId; job: JobId }> {
    const started = await client.runs.train(request)
    await Promise.all([jobs.follow(started.job), state.reload()])
    return started
  }

  async function rename(run: RunId, name: string): Promise<void> {
    await client.runs.rename({ run, name })
    await state.reload()
  }

  async function remove(run: RunId): Promise<{ freedBytes: number }> {
    const freed = await client.runs.delete({ run })
    await state.reload()
    return freed
  }

  return { ...state, models, usable, loadModels, modelName, train, rename, remove }
})
