import { StudioError } from '../../shared/errors'
import type { JobId, RunId } from '../../shared/ids'
import type { RunDetail, TrainRequest } from '../../shared/runs'
import { describeModels, modelEntry, resolveConfig } from '../models/registry'
import type { EngineContext } from './context'
import { deleteRun } from './deleting'
import { procedures } from './procedures'

const os = procedures.runs

/** Stores a run and queues its training. Throws NOT_FOUND or BAD_INPUT where the request does not fit. */
export function submitTraining(
  { store, queue }: Pick<EngineContext, 'store' | 'queue'>,
  request: TrainRequest,
): { run: RunId; job: JobId } {
  const dataset = store.datasets.get(request.dataset)
  const entry = modelEntry(request.model)
  const config = resolveConfig(entry, request.preset, request.overrides)
  const preset = request.preset ?? entry.defaultPreset
  const run = store.runs.create({
    name: request.name === null || request.name === '' ? `${entry.name} ${preset}` : request.name,
    dataset: dataset.id,
    model: request.model,
    preset,
    config,
    seed: request.seed,
    preparation: request.preparation,
    split: request.split,
  })
  try {
    const job = queue.submit({
      label: `Training ${run.name} on ${dataset.name}`,
      specification: { kind: 'train', run: run.id },
      dataset: dataset.id,
      run: run.id,
    })
    return { run: run.id, job: job.id }
  } catch (error) {
    // A run that nobody will train must not stay queued.
    store.runs.delete(run.id)
    throw error
  }
}

/** Throws BAD_INPUT where a run has no weights to work with. */
export function usableRun({ store }: EngineContext, id: RunId): RunDetail {
  const run = store.runs.get(id)
  if (run.usable) return run
  const waiting = run.status.state === 'queued' || run.status.state === 'running'
  throw new StudioError({
    code: 'BAD_INPUT',
    message: `Run ${run.id} (${run.name}) has no trained weights yet: it is ${run.status.state}.`,
    next: waiting ? 'Wait for its first epoch, or choose another run.' : 'Choose another run, or train it again.',
  })
}

export const runs = os.router({
  models: os.models.handler(() => describeModels()),
  list: os.list.handler(({ context, input }) => context.store.runs.list(input.dataset)),
  get: os.get.handler(({ context, input }) => context.store.runs.get(input.run)),
  train: os.train.handler(({ context, input }) => submitTraining(context, input)),
  rename: os.rename.handler(({ context, input }) => context.store.runs.rename(input.run, input.name)),
  delete: os.delete.handler(({ context, input }) => deleteRun(context, input.run)),
  evaluate: os.evaluate.handler(({ context, input }) => {
    const run = usableRun(context, input.run)
    const job = context.queue.submit({
      label: `Evaluating ${run.name}`,
      specification: { kind: 'evaluate', run: run.id, users: input.users },
      dataset: run.dataset,
      run: run.id,
    })
    return { job: job.id }
  }),
})
