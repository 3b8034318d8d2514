import { join } from 'node:path'
import type { ExportResult } from '../../shared/exports'
import { historyBatches } from '../datasets/histories'
import { exportRecommendations } from '../exporting/recommendations-csv'
import { exportAsJson } from '../exporting/recommendations-json'
import type { ExportSpecification } from '../jobs/specification'
import { loadRun } from './loaded-run'
import { peakMemory } from '../numeric/peak-memory'
import type { WorkerContext } from './worker-context'

/** Writes the recommendations of a run for chosen or all users to a file in the library. */
export async function runExport(specification: ExportSpecification, context: WorkerContext): Promise<ExportResult> {
  const { store } = context
  context.progress({ stage: 'Loading the model', done: 0, total: null, unit: 'steps' })
  const { run, model, split, catalogue, popularity } = await loadRun(store, specification.run)
  try {
    store.pendingFiles.begin(specification.file)
    const lists = {
      model,
      batches: (rows: number) =>
        historyBatches(store, run.dataset, run.preparation, split.catalogue, specification.users, rows),
      items: catalogue.items,
      k: specification.k,
      popularity,
      unknownUsers: specification.unknownUsers,
      file: join(store.library, specification.file),
      totalUsers: specification.users === 'all' ? store.datasets.get(run.dataset).users : specification.users.length,
    }
    const written =
      specification.format === 'json'
        ? await exportAsJson({ ...lists, run: run.id }, context)
        : await exportRecommendations({ ...lists, bom: specification.bom }, context)
    return context.commit(() => {
      store.exports.finish(specification.export, written)
      store.pendingFiles.done(specification.file)
      return {
        export: specification.export,
        file: store.exports.get(specification.export).fileName,
        ...written,
        peakBytes: peakMemory(),
      }
    })
  } finally {
    model.dispose()
  }
}
