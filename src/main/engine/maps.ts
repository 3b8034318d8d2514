import { badInput } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import type { MapDetail, MapRequest } from '../../shared/maps'
import type { RunDetail } from '../../shared/runs'
import { storedModel } from '../models/registry'
import type { Store, StoredMap } from '../store/store'
import type { EngineContext } from './context'
import { deleteMap } from './deleting'
import { procedures } from './procedures'
import { usableRun } from './runs'

const os = procedures.maps

function submitMap(context: EngineContext, { run: id, settings }: MapRequest): { job: JobId } {
  const run = usableRun(context, id)
  // Checked here, because the worker would find out only after loading everything.
  if (!hasProbability(run)) {
    throw badInput(
      `The scores of run ${run.id} (${run.name}) are not probabilities, so there is nothing to map.`,
      'Choose a run of a model that gives probabilities.',
    )
  }
  const job = context.queue.submit(() => ({
    label: `Mapping ${usableRun(context, id).name}`,
    specification: { kind: 'map', run: run.id, settings },
    dataset: run.dataset,
    run: run.id,
  }))
  return { job: job.id }
}

/** A combination has none if it is a single run whose score was not calibrated. */
const hasProbability = (run: RunDetail): boolean =>
  run.members === null
    ? storedModel(run).probability
    : run.members.some(
        (member) => member.weight !== 0 && (member.calibration !== null || storedModel(member).probability),
      )

function detailOf(store: Store, { record, items, popularity, plots }: StoredMap): MapDetail {
  const all = store.datasets.items(store.runs.get(record.run).dataset)
  return {
    ...record,
    items: Array.from(items, (index, at) => {
      const { externalId = '', title = '', genres = [] } = all[index] ?? {}
      return { id: externalId, title, genres: [...genres], popularity: popularity[at] ?? 0 }
    }),
    plots: plots.map(({ name, divergence, x, y }) => ({ name, divergence, x: [...x], y: [...y] })),
  }
}

export const maps = os.router({
  list: os.list.handler(({ context, input }) => context.store.maps.list(context.store.runs.get(input.run).id)),
  get: os.get.handler(({ context: { store }, input }) => detailOf(store, store.maps.get(input.id))),
  create: os.create.handler(({ context, input }) => submitMap(context, input)),
  delete: os.delete.handler(({ context, input }) => deleteMap(context, input.id)),
})
