import { z } from 'zod'
import { datasetId, runId } from './ids'

/** How the file of a run ends; see interchange/run-file.ts. */
export const runFileEnd = '.vasprun'

export const isRunFile = (name: string): boolean => name.toLowerCase().endsWith(runFileEnd)

export const importedRun = z.object({
  run: runId,
  dataset: datasetId,
  datasetName: z.string(),
  /** Whether its data set came from the file; otherwise the library had the same data. */
  madeDataset: z.boolean(),
})
export type ImportedRun = z.infer<typeof importedRun>
