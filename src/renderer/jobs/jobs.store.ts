import { defineStore } from 'pinia'
import { computed, shallowReactive, watch } from 'vue'
import type { ErrorShape } from '../../shared/errors'
import type { JobId, RunId } from '../../shared/ids'
import type { Job, JobEvent } from '../../shared/jobs'
import type { EpochPoint } from '../../shared/runs'
import { client, connections } from '../rpc'
import { followStream, tellUnlessLost } from '../stream'
import { afterEvent } from './after-event'

export type Ending = Extract<JobEvent, { type: 'finished' | 'failed' | 'cancelled' }>
type EndListener = (job: Job, ending: Ending) => void

const isActive = (job: Job): boolean => job.state === 'queued' || job.state === 'running'

/** Every job the engine knows, the running ones watched live; tells listeners when one ends. */
export const useJobs = defineStore('jobs', () => {
  const jobs = shallowReactive(new Map<JobId, Job>())
  /** Epochs seen while watching, by run; the run's own record has those from before. */
  const epochs = shallowReactive(new Map<RunId, readonly EpochPoint[]>())
  const watched = new Set<JobId>()
  const listeners = new Set<EndListener>()
  /** Receives the error that prevents the jobs from being shown. */
  let failed: (failure: ErrorShape) => void = () => undefined

  const active = computed(() => [...jobs.values()].filter(isActive).sort((a, b) => a.id - b.id))
  const ofRun = (run: RunId): Job | null => active.value.find((job) => job.run === run) ?? null

  function addEpoch(run: RunId, point: EpochPoint): void {
    const others = (epochs.get(run) ?? []).filter((other) => other.epoch !== point.epoch)
    epochs.set(run, [...others, point])
  }

  async function watchJob(id: JobId): Promise<void> {
    if (watched.has(id)) return
    watched.add(id)
    // After a lost connection `refresh` watches again.
    await followStream(
      () => client.jobs.watch({ job: id }),
      (event) => onEvent(id, event),
      (failure) => failed(failure),
    )
    watched.delete(id)
  }

  function onEvent(id: JobId, event: JobEvent): void {
    const before = jobs.get(id)
    if (!before) return
    const job = afterEvent(before, event)
    jobs.set(id, job)
    if (event.type === 'epoch' && job.run !== null) addEpoch(job.run, event.point)
    if (event.type === 'finished' || event.type === 'failed' || event.type === 'cancelled') {
      // Later: a listener's mistake must be seen, not taken for a broken stream.
      for (const listener of listeners) queueMicrotask(() => listener(job, event))
    }
  }

  /**
   * Asks for all jobs and watches those that are under way. Not by a query: another refresh would cancel it, for which `follow` waits before it
   * watches a job, and where a job is watched its stream's events count, not the list.
   */
  async function refresh(): Promise<void> {
    const list = await client.jobs.list()
    for (const job of list) {
      // A watched job's own stream is newer than any list.
      if (!watched.has(job.id)) jobs.set(job.id, job)
      if (isActive(job)) void watchJob(job.id)
    }
  }

  /** Takes up a job that was just started here. */
  async function follow(id: JobId): Promise<void> {
    await refresh()
    // It may have ended before the list was asked for: its stream still tells how.
    if (!watched.has(id)) void watchJob(id)
  }

  const cancel = (id: JobId): Promise<{ cancelled: boolean }> => client.jobs.cancel({ job: id })

  function onEnd(listener: EndListener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Takes up what was started or ended elsewhere: in another window, or by another program on the library. */
  const keepCurrent = (): Promise<void> => refresh().catch((error: unknown) => tellUnlessLost(error, failed))

  /** Keeps the list current for as long as the app runs. @param tell receives the error if the jobs cannot be read although the host answers */
  function start(tell: (failure: ErrorShape) => void): void {
    failed = tell
    watch(connections, () => void keepCurrent(), { immediate: true })
  }

  return { jobs, epochs, active, ofRun, refresh, follow, cancel, onEnd, keepCurrent, start }
})
