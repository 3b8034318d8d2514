import { defineStore } from 'pinia'
import { computed, shallowReactive, watch } from 'vue'
import type { ErrorShape } from '../../shared/errors'
import type { JobId, RunId } from '../../shared/ids'
import { isOpen, type Job, type JobEvent, type Usage } from '../../shared/jobs'
import type { EpochPoint } from '../../shared/runs'
import { client, connections } from '../rpc'
import { followStream, tellUnlessLost } from '../stream'
import { afterEvent } from './after-event'

export type Ending = Extract<JobEvent, { type: 'finished' | 'failed' | 'cancelled' }>
type EndListener = (job: Job, ending: Ending) => void

/** Milliseconds between two drawings of the epochs of a running training. */
const drawInterval = 400

/** Running jobs, then the others in the order in which they start. */
const byTurn = (a: Job, b: Job): number =>
  Number(b.state === 'running') - Number(a.state === 'running') || a.place - b.place || a.id - b.id

/** All jobs that the engine knows; it follows the running ones and tells listeners when one ends. */
export const useJobs = defineStore('jobs', () => {
  const jobs = shallowReactive(new Map<JobId, Job>())
  /** Epochs received while watching, by run; the run's own record has the earlier ones. */
  const epochs = shallowReactive(new Map<RunId, readonly EpochPoint[]>())
  /** What running trainings use of the machine, by job, from the first sample that was received. */
  const usages = shallowReactive(new Map<JobId, readonly Usage[]>())
  const watched = new Set<JobId>()
  const listeners = new Set<EndListener>()
  /** Receives the error that prevents the jobs from being shown. */
  let failed: (failure: ErrorShape) => void = () => undefined

  const active = computed(() => [...jobs.values()].filter(isOpen).sort(byTurn))
  const ofRun = (run: RunId): Job | null => active.value.find((job) => job.run === run) ?? null

  /** Epochs that are not shown yet. */
  const arrived = new Map<RunId, EpochPoint[]>()
  let shownAt = 0

  /** Small models train more epochs in a second than a page can draw: those that come too fast are shown together. */
  function addEpoch(run: RunId, point: EpochPoint): void {
    const isFirst = arrived.size === 0
    arrived.set(run, [...(arrived.get(run) ?? []), point])
    const wait = shownAt + drawInterval - performance.now()
    if (wait <= 0) showEpochs()
    else if (isFirst) setTimeout(showEpochs, wait)
  }

  function showEpochs(): void {
    shownAt = performance.now()
    for (const [run, points] of arrived) {
      const byEpoch = new Map([...(epochs.get(run) ?? []), ...points].map((point) => [point.epoch, point]))
      epochs.set(run, [...byEpoch.values()])
    }
    arrived.clear()
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
    if (event.type === 'started') usages.delete(id)
    if (event.type === 'usage') usages.set(id, [...(usages.get(id) ?? []), event.usage])
    // Epochs after the state that it goes on from are trained again.
    if (event.type === 'paused' && job.run !== null) {
      arrived.delete(job.run)
      epochs.delete(job.run)
    }
    if (event.type === 'finished' || event.type === 'failed' || event.type === 'cancelled') {
      showEpochs()
      // Called later, so that an error of a listener is not taken for a broken stream.
      for (const listener of listeners) queueMicrotask(() => listener(job, event))
    }
  }

  /** The order of the queue, and whose a job is, are in no stream. */
  function placeAnew({ id, place, left, after }: Job): void {
    const known = jobs.get(id)
    if (known && (known.place !== place || known.left !== left)) jobs.set(id, { ...known, place, left, after })
  }

  /**
   * Loads all jobs and follows the running ones. This is not a query: another refresh would cancel it while `follow` waits for it. Once
   * a job is followed, the events of its stream count, not the list.
   */
  async function refresh(): Promise<void> {
    const list = await client.jobs.list()
    for (const job of list) {
      // The stream of a followed job is newer than any list.
      if (!watched.has(job.id)) jobs.set(job.id, job)
      else placeAnew(job)
      if (isOpen(job)) void watchJob(job.id)
    }
  }

  /** Follows a job that was just started here. */
  async function follow(id: JobId): Promise<void> {
    await refresh()
    // It may have ended before the list was loaded: its stream still has the result.
    if (!watched.has(id)) void watchJob(id)
  }

  const cancel = (id: JobId): Promise<{ cancelled: boolean }> => client.jobs.cancel({ job: id })

  /** Does something to the queue and shows its new order. */
  async function change<T>(action: () => Promise<T>): Promise<T> {
    const done = await action()
    await refresh()
    return done
  }
  const pause = (id: JobId): Promise<Job[]> => change(() => client.jobs.pause({ job: id }))
  async function stopEarly(id: JobId): Promise<void> {
    await client.jobs.stopEarly({ job: id })
  }
  const goOn = (ids: readonly JobId[] | null): Promise<Job[]> =>
    change(() => client.jobs.goOn({ jobs: ids && [...ids] }))
  const move = (id: JobId, before: JobId | null): Promise<Job[]> => change(() => client.jobs.move({ job: id, before }))
  const retry = (id: JobId): Promise<{ job: JobId }> => change(() => client.jobs.retry({ job: id }))

  function onEnd(listener: EndListener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Follows jobs that were started or ended elsewhere: in another window, or by another program on the library. */
  const keepCurrent = (): Promise<void> => refresh().catch((error: unknown) => tellUnlessLost(error, failed))

  /** Keeps the list current while the app runs. @param tell receives the error if the jobs cannot be read although the host answers */
  function start(tell: (failure: ErrorShape) => void): void {
    failed = tell
    watch(connections, () => void keepCurrent(), { immediate: true })
  }

  /** Those whose program has ended. */
  const left = computed(() => active.value.filter((job) => job.left))
  /** Those that have ended, newest first. */
  const ended = computed(() => [...jobs.values()].filter((job) => !isOpen(job)).sort((a, b) => b.id - a.id))

  return {
    ...{ jobs, epochs, usages, active, left, ended, ofRun, refresh, follow },
    ...{ cancel, pause, stopEarly, goOn, move, retry, onEnd, keepCurrent, start },
  }
})
