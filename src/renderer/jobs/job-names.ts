import { computed, type ComputedRef } from 'vue'
import type { Job } from '../../shared/jobs'
import { engine, useList } from '../queries'

/** How lists tell jobs apart whose labels are the same. */
interface JobNames {
  /** `run 12 · seed 3`; without the seed if the run is not known, and empty for a job without a run. */
  readonly which: (job: Job) => string
  /** The label with what tells it apart, for buttons and messages: `Training a model on songs, run 12 · seed 3`. */
  readonly full: (job: Job) => string
}

/** Jobs of several trainings of one model on one data set have the same label: their runs tell them apart. */
export function useJobNames(): ComputedRef<JobNames> {
  const { list } = useList(engine.runs.list.queryOptions({ input: { dataset: null } }))
  const seeds = computed(() => new Map(list.value.map(({ id, seed }) => [id, seed])))
  return computed(() => {
    const which = ({ run }: Job): string => {
      if (run === null) return ''
      const seed = seeds.value.get(run)
      return seed === undefined ? `run ${run}` : `run ${run} · seed ${seed}`
    }
    return { which, full: (job) => [job.label, which(job)].filter(Boolean).join(', ') }
  })
}
