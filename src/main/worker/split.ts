import { writeFile } from 'node:fs/promises'
import type { DatasetId } from '../../shared/ids'
import { defaultSplit, type Preparation, type SplitSettings } from '../../shared/runs'
import type { SplitExportRequest, SplitResult } from '../../shared/splits'
import { splitFileOf } from '../datasets/split-by-file'
import type { SplitSpecification } from '../jobs/specification'
import type { Store } from '../store/store'
import { itemShareOf, preparedBy } from './run-data'
import type { Workplace } from './workplace'

/** Writes a split file, or checks one against a data set. */
export async function runSplit({ task }: SplitSpecification, place: Workplace): Promise<SplitResult> {
  const { store } = place
  place.progress({ stage: 'Preparing the data', done: 0, total: null, unit: 'steps' })
  if (task.action === 'check') {
    const split: SplitSettings = { ...defaultSplit, method: 'file', file: task.file }
    const { summary } = preparedBy(store, task.dataset, task.preparation, split, 1)
    return place.commit(() => ({ summary, bytes: Buffer.byteLength(store.splitFiles.text(task.file)) }))
  }
  const { dataset, preparation, split, itemShare } = asked(store, task.of)
  const data = preparedBy(store, dataset, preparation, split, itemShare)
  // A run that was split by a file gives back that file.
  const text = split.file
    ? store.splitFiles.text(split.file)
    : JSON.stringify(splitFileOf(store, dataset, preparation, data))
  await writeFile(task.file.path, text)
  return place.commit(() => ({ summary: data.summary, bytes: Buffer.byteLength(text) }))
}

const asked = (
  store: Store,
  of: SplitExportRequest,
): { dataset: DatasetId; preparation: Preparation; split: SplitSettings; itemShare: number } => {
  if (of.of === 'settings') return { ...of, itemShare: 1 }
  const run = store.runs.get(of.run)
  return { ...run, itemShare: itemShareOf(run) }
}
