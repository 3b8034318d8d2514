import { badInput, StudioError } from '../../shared/errors'
import type { DatasetId, JobId, RunId } from '../../shared/ids'
import { mostLeft } from '../../shared/most-popular'
import type { Run, RunDetail, SplitSettings, TrainRequest } from '../../shared/runs'
import { isOpen } from '../../shared/jobs'
import { compareRuns, valuesOfBoth } from '../experiments/run-comparison'
import { advise } from '../models/advice'
import { estimateMemory } from '../models/memory-estimate'
import { configure, describeModels, modelOf } from '../models/registry'
import type { NewRun, Store } from '../store/store'
import { usableNow } from './accelerator'
import { chosenUsers } from './chosen-users'
import type { EngineContext } from './context'
import { deleteRun, removeRuns } from './deleting'
import { combination } from './members'
import { importPortableRun } from './portable-runs'
import { procedures } from './procedures'
import { resumesAfter, resumeTraining } from './resuming'
import { repeatRun } from './repeating'
import { estimateTime } from './time-estimates'
import { trainFurther } from './training-further'
import { requireTrackerFolders, runTrackers } from './tracking'

const os = procedures.runs

const LONGEST_NAME = 120
/** Points of a small chart. */
const SPARKLINE = 40

/** The fields that a run records of a request to train a model, or to combine trained runs. */
function plannedRun(context: Pick<EngineContext, 'store'>, request: TrainRequest): NewRun {
  const { name, dataset, model, seed } = request
  const definition = modelOf(model)
  const called = (standard: string): string => (name === null || name === '' ? standard : name)
  if (request.members) {
    const { members, ...planned } = combination(context, request, request.members)
    const product = members.map((member) => member.name).join(' × ')
    return { ...planned, members, name: called(product.slice(0, LONGEST_NAME)), dataset, model, seed, preset: null }
  }
  const preset = request.preset ?? definition.defaultPreset
  return {
    name: called(`${definition.name} ${preset}`),
    dataset,
    model,
    preset,
    config: configure(definition, request.preset, request.overrides).config,
    seed,
    preparation: request.preparation,
    split: request.split,
  }
}

/** Throws BAD_INPUT if a split by file has no file, NOT_FOUND if the library does not have it. */
function requireSplitFile(store: Store, { method, file }: SplitSettings): void {
  if (method !== 'file') return
  if (!file)
    throw badInput(
      'A split by file needs a file.',
      'Choose a split file as written by vasp split export, or another way to split.',
    )
  if (!store.splitFiles.has(file.sha256)) store.splitFiles.text(file)
}

/** Throws BAD_INPUT for a run that cannot finish any more: what follows it would never start. */
function runToFollow(store: Store, id: RunId): RunId {
  const { name, status } = store.runs.get(id)
  if (status.state !== 'failed' && status.state !== 'cancelled') return id
  throw badInput(
    `Run ${id} (${name}) is ${status.state}, so nothing can start after it has finished.`,
    `Go on with it first (vasp resume ${id}), or choose another run.`,
  )
}

/** Stores a run and queues its training. Throws NOT_FOUND or BAD_INPUT if the request does not fit. */
export function submitTraining(
  context: Pick<EngineContext, 'store' | 'queue'>,
  request: TrainRequest,
): { run: RunId; job: JobId } {
  const { store, queue } = context
  requireSplitFile(store, request.split)
  const { id: job, run } = queue.submit(() => {
    const dataset = store.datasets.get(request.dataset)
    const planned = store.runs.create({ ...plannedRun(context, request), trackers: runTrackers(request.trackers) })
    const { tags = [], note = '' } = request
    if (tags.length > 0 || note !== '') store.runs.label([planned.id], { addTags: tags, removeTags: [], note })
    return {
      label: `${request.members ? 'Combining' : 'Training'} ${planned.name} on ${dataset.name}`,
      specification: { kind: 'train', run: planned.id, keepState: request.keepState ?? false },
      dataset: dataset.id,
      run: planned.id,
      after: request.after ? runToFollow(store, request.after) : null,
    }
  })
  if (run === null) throw new Error(`Training job ${job} names no run.`)
  return { run, job }
}

/** Throws BAD_INPUT if a run has no weights. */
export function usableRun({ store }: EngineContext, id: RunId): RunDetail {
  const run = store.runs.get(id)
  if (run.usable) return run
  const waiting = isOpen(run.status)
  throw new StudioError({
    code: 'BAD_INPUT',
    message: `Run ${run.id} (${run.name}) has no trained weights yet: it is ${run.status.state}.`,
    next: waiting ? 'Wait for its first epoch, or choose another run.' : 'Choose another run, or train it again.',
  })
}

/** The runs of a data set, or all: those that people see, or those that are removed. */
function listed({ runs }: Store, dataset: DatasetId | null, removed: boolean): Run[] {
  const hidden = runs.removed()
  return runs.list(dataset).filter(({ id }) => hidden.has(id) === removed)
}

export const runs = os.router({
  models: os.models.handler(() => [...describeModels()]),
  list: os.list.handler(({ context, input }) => listed(context.store, input.dataset, false)),
  get: os.get.handler(({ context, input }) => {
    const run = context.store.runs.get(input.run)
    return { ...run, resumesAfter: resumesAfter(context.store, run) }
  }),
  curve: os.curve.handler(({ context, input }) => context.store.runs.curve(input.run, SPARKLINE)),
  label: os.label.handler(({ context, input: { runs, ...change } }) => context.store.runs.label(runs, change)),
  remove: os.remove.handler(({ context, input }) => removeRuns(context, input.runs)),
  restore: os.restore.handler(({ context, input }) => {
    context.store.runs.setRemoved(input.runs, false)
    return listed(context.store, null, false).filter(({ id }) => input.runs.includes(id))
  }),
  removed: os.removed.handler(({ context }) => listed(context.store, null, true)),
  views: os.views.handler(({ context }) => context.store.views.list()),
  saveView: os.saveView.handler(({ context, input }) => context.store.views.save(input)),
  deleteView: os.deleteView.handler(({ context, input }) => context.store.views.delete(input.name)),
  compare: os.compare.handler(({ context, input, signal }) => compareRuns(context.store, input, signal)),
  compareUsers: os.compareUsers.handler(({ context, input }) => valuesOfBoth(context.store, input.a, input.b)),
  comparisons: os.comparisons.handler(({ context }) => context.store.comparisons.list()),
  saveComparison: os.saveComparison.handler(({ context, input }) => context.store.comparisons.save(input)),
  deleteComparison: os.deleteComparison.handler(({ context, input }) => context.store.comparisons.delete(input.name)),
  advise: os.advise.handler(async ({ context, input }) => {
    const { users, items, interactions } = context.store.datasets.get(input.dataset)
    const { usable } = await usableNow(context)
    return { dataset: input.dataset, ...advise({ users, items, interactions }, usable) }
  }),
  estimate: os.estimate.handler(async ({ context, input }) => {
    const { usable, gpu } = await usableNow(context)
    if (input.members) return { peak: null, usable, gpu }
    const { items, users, interactions } = context.store.datasets.get(input.dataset)
    const model = configure(modelOf(input.model), input.preset, input.overrides)
    // Other filters may drop items, too; the worker checks again when it has applied them.
    const chosen = input.split.method === 'file' ? null : input.preparation.mostPopular
    const run = { model, items: mostLeft(chosen, items), users, interactions }
    return { peak: estimateMemory(run).peak, usable, gpu }
  }),
  estimateTime: os.estimateTime.handler(({ context, input, signal }) => estimateTime(context, input, signal)),
  train: os.train.handler(async ({ context, input }) => {
    await requireTrackerFolders(input.trackers ?? {})
    return submitTraining(context, input)
  }),
  resume: os.resume.handler(({ context, input }) => resumeTraining(context, input.run)),
  trainFurther: os.trainFurther.handler(({ context, input }) => trainFurther(context, input.run, input.stages)),
  repeat: os.repeat.handler(({ context, input }) => repeatRun(context, input.run)),
  import: os.import.handler(({ context, input, signal }) => importPortableRun(context, input.file, signal)),
  rename: os.rename.handler(({ context, input }) => context.store.runs.rename(input.run, input.name)),
  delete: os.delete.handler(({ context, input }) => deleteRun(context, input.run)),
  evaluate: os.evaluate.handler(({ context, input }) => {
    const { dataset } = usableRun(context, input.run)
    const users = input.users && chosenUsers(context.store, dataset, input.users, input.skipUnknown).users
    const job = context.queue.submit(() => {
      const run = usableRun(context, input.run)
      return {
        label: `Evaluating ${run.name}`,
        specification: { kind: 'evaluate', run: run.id, users },
        dataset: run.dataset,
        run: run.id,
      }
    })
    return { job: job.id }
  }),
})
