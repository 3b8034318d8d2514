import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
import { mostMapItems, type MapResult } from '../../shared/maps'
import { trainingPopularity } from '../datasets/histories'
import { mostPopular, sensitivityMap } from '../explaining/sensitivity/map'
import type { MapSpecification } from '../jobs/specification'
import { loadRun } from './loaded-run'
import type { WorkerContext } from './worker-context'

/** Makes the sensitivity map of a run and stores it, replacing an older one of the same settings. */
export async function runMap({ run: id, settings }: MapSpecification, context: WorkerContext): Promise<MapResult> {
  const { store } = context
  const started = performance.now()
  context.progress({ stage: 'Loading the model', done: 0, total: null, unit: 'steps' })
  const { run, model, split } = await loadRun(store, id)
  try {
    const popularity = trainingPopularity(store, run.dataset, run.preparation, split)
    const items = mostPopular(popularity, settings.items)
    if (items.length > mostMapItems) {
      throw badInput(
        `The run has ${formatCounted(items.length, 'item')}, but a map can show at most ${formatCount(mostMapItems)}.`,
        `Map only the most popular items: choose at most ${formatCount(mostMapItems)}.`,
      )
    }
    const plots = await sensitivityMap(model, items, settings, context)
    return context.commit(() => {
      const { id: map } = store.maps.save({
        run: id,
        settings,
        epoch: store.runs.checkpoint(id)?.epoch ?? 0,
        seconds: (performance.now() - started) / 1000,
        items: items.map((item) => split.catalogue[item] ?? 0),
        popularity: items.map((item) => popularity[item] ?? 0),
        plots: plots.map(({ name, divergence, x, y }) => ({
          name,
          divergence,
          x: Float32Array.from(x),
          y: Float32Array.from(y),
        })),
      })
      return { map }
    })
  } finally {
    model.dispose()
  }
}
