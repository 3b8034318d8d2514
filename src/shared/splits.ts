import { z } from 'zod'
import { datasetId, runId } from './ids'
import { preparation, requestedSplit, splitFileRef, splitSummary } from './runs'

/** The split to write: that of a run, as it was used, or the one that these settings give for a data set. */
export const splitExportRequest = z.discriminatedUnion('of', [
  z.object({ of: z.literal('run'), run: runId }),
  z.object({ of: z.literal('settings'), dataset: datasetId, preparation, split: requestedSplit }),
])
export type SplitExportRequest = z.infer<typeof splitExportRequest>

/** A split file of the library to be checked against a data set. */
export const splitCheckRequest = z.object({ dataset: datasetId, preparation, file: splitFileRef })

/** The result of writing or checking a split file. */
export const splitResult = z.object({ summary: splitSummary, bytes: z.number().int() })
export type SplitResult = z.infer<typeof splitResult>
