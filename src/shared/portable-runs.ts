import { z } from 'zod'
import { datasetId, runId } from './ids'

/** How the file of a run ends; see interchange/run-file.ts. */
export const runFileEnd = '.vasprun'

/** The path of a run as one file, under `app://ui` and HTTP; see files.ts. */
export const runFilePath = (run: number, withData: boolean): string => `/run-files/${run}${withData ? '?data=1' : ''}`

export const importedRun = z.object({
  run: runId,
  dataset: datasetId,
  datasetName: z.string(),
  /** Whether its data set came from the file; otherwise the library had the same data. */
  madeDataset: z.boolean(),
})
export type ImportedRun = z.infer<typeof importedRun>
