import { writeFile } from 'node:fs/promises'
import { defaultSplit, type SplitSettings } from '../../shared/runs'
import type { SplitResult } from '../../shared/splits'
import { splitFileOf } from '../datasets/split-by-file'
import type { SplitSpecification } from '../jobs/specification'
import { preparedBy } from './run-data'
import type { WorkerContext } from './worker-context'

/** Writes a split file, or checks one against a data set. */
export async function runSplit({ task }: SplitSpecification, context: WorkerContext): Promise<SplitResult> {
  const { store } = context
  context.progress({ stage: 'Preparing the data', done: 0, total: null, unit: 'steps' })
  if (task.action === 'check') {
    const split: SplitSettings = { ...defaultSplit, method: 'file', file: task.file }
    const { summary } = preparedBy(store, task.dataset, task.preparation, split)
    return context.commit(() => ({ summary, bytes: Buffer.byteLength(store.splitFiles.text(task.file)) }))
  }
  const { dataset, preparation, split } = task.of.of === 'settings' ? task.of : store.runs.get(task.of.run)
  const data = preparedBy(store, dataset, preparation, split)
  // For a run that was split by a file, returns that file.
  const text = split.file
    ? store.splitFiles.text(split.file)
    : JSON.stringify(splitFileOf(store, dataset, preparation, data))
  await writeFile(task.file.path, text)
  return context.commit(() => ({ summary: data.summary, bytes: Buffer.byteLength(text) }))
}
