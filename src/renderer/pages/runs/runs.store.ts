import { defineStore } from 'pinia'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { JobId, RunId } from '../../../shared/ids'
import type { ModelDescriptor, ModelKind } from '../../../shared/models'
import { markedProtocols } from '../../../shared/protocol'
import type { NewTraining, Run } from '../../../shared/runs'
import { useJobs } from '../../jobs/jobs.store'
import { engine, useList, useRefresh } from '../../queries'
import { client } from '../../rpc'

/** The models that can be trained, which stay the same while the host runs. */
export const modelsQuestion = () => engine.runs.models.queryOptions({ staleTime: Infinity })

/** All runs of the library, and the models that can be trained. */
export const useRuns = defineStore('runs', () => {
  const state = useList(engine.runs.list.queryOptions({ input: { dataset: null } }))
  const refresh = useRefresh()
  const queries = useQueryClient()
  const jobs = useJobs()
  const { data: known } = useQuery(modelsQuestion())
  const models = computed<readonly ModelDescriptor[]>(() => known.value ?? [])

  /** Runs that can recommend, explain and export, newest first. */
  const usable = computed(() => state.list.value.filter((run) => run.usable).sort((a, b) => b.id - a.id))

  /** The protocol of each run; empty if all runs have the same. */
  const protocols = computed(() => markedProtocols(state.list.value))

  /** The models, once they are known; throws if they cannot be loaded. */
  const loadModels = (): Promise<readonly ModelDescriptor[]> => queries.query(modelsQuestion())

  /** What the models’ settings are called, by their keys. */
  const settingLabels = computed(
    () => new Map(models.value.flatMap(({ fields }) => fields.map(({ key, label }) => [key, label] as const))),
  )

  /** Until the models are known, and for a run of another version's model, the kind itself. */
  const modelName = (kind: ModelKind): string => models.value.find((model) => model.kind === kind)?.name ?? kind

  async function train(request: NewTraining): Promise<{ run: RunId; job: JobId }> {
    const started = await client.runs.train(request)
    await Promise.all([jobs.follow(started.job), refresh('runs')])
    return started
  }

  /** Goes on with an interrupted training. */
  async function resume(run: RunId): Promise<{ run: RunId; job: JobId }> {
    const resumed = await client.runs.resume({ run })
    await Promise.all([jobs.follow(resumed.job), refresh('runs')])
    return resumed
  }

  async function rename(run: RunId, name: string): Promise<void> {
    await client.runs.rename({ run, name })
    await refresh('runs')
  }

  async function remove(run: RunId): Promise<{ freedBytes: number }> {
    const freed = await client.runs.delete({ run })
    // Its exports and maps are deleted, too.
    await refresh('runs', 'exports', 'maps')
    return freed
  }

  /** Changes tags, notes, stars and what is archived. */
  async function label(change: Parameters<typeof client.runs.label>[0]): Promise<readonly Run[]> {
    const changed = await client.runs.label(change)
    await refresh('runs')
    return changed
  }

  /** Removes runs until the program closes; `restore` brings them back. */
  async function removeSeveral(several: readonly RunId[]): Promise<{ bytes: number }> {
    const removed = await client.runs.remove({ runs: [...several] })
    await refresh('runs', 'exports', 'maps')
    return removed
  }

  async function restore(several: readonly RunId[]): Promise<void> {
    await client.runs.restore({ runs: [...several] })
    await refresh('runs', 'exports', 'maps')
  }

  return {
    ...state,
    models,
    settingLabels,
    usable,
    protocols,
    loadModels,
    modelName,
    train,
    resume,
    rename,
    remove,
    label,
    removeSeveral,
    restore,
  }
})
