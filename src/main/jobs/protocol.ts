import { z } from 'zod'
import { chosenColumns, detailsRequest, metadataRequest } from '../../shared/datasets'
import { errorShape } from '../../shared/errors'
import { who } from '../../shared/explore'
import { datasetId, jobId } from '../../shared/ids'
import { sortFilesRequest } from '../../shared/found-files'
import { forecastRequest } from '../../shared/import-forecast'
import { jobProgress, usage } from '../../shared/jobs'
import { preparationRequest } from '../../shared/preparations'
import { readingOverrides } from '../../shared/reading'
import { epochPoint, trainRequest } from '../../shared/runs'
import { unusedRoles } from '../../shared/unused-roles'
import { namedFile, workerTask } from './specification'

/** The questions to an answering worker; its task determines which of them it answers. */
export const question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('recommend'), who, k: z.number().int() }),
  z.object({ kind: z.literal('explain'), who, item: z.string().nullable() }),
  z.object({ kind: z.literal('backends') }),
  z.object({ kind: z.literal('check-library') }),
  z.object({ kind: z.literal('back-up'), reason: z.enum(['scheduled', 'asked']) }),
  z.object({ kind: z.literal('prepare-restore'), file: z.string() }),
  /** Removes the rows of deleted data sets and of imports that were killed; answers how many there were. */
  z.object({ kind: z.literal('remove-unseen') }),
  z.object({ kind: z.literal('profile'), dataset: datasetId }),
  z.object({ kind: z.literal('import-run'), file: namedFile }),
  metadataRequest.extend({ kind: z.literal('metadata'), file: namedFile }),
  detailsRequest.extend({ kind: z.literal('preview-details'), file: namedFile }),
  /** The effect of a preparation and a split on a data set. */
  preparationRequest.extend({ kind: z.literal('prepare') }),
  /** How long a run is likely to take. */
  trainRequest.extend({ kind: z.literal('time') }),
  /** A forecast of an import. */
  forecastRequest.extend({
    kind: z.literal('forecast'),
    ratings: z.array(namedFile),
    joined: z.array(namedFile).optional(),
  }),
  sortFilesRequest.extend({ kind: z.literal('sort-files') }),
  z.object({
    kind: z.literal('preview'),
    /** The roles for which the version before has no column, so that none is taken now. */
    unused: unusedRoles.optional(),
    ratings: z.array(namedFile),
    items: namedFile.nullable(),
    joined: z.array(namedFile).optional(),
    table: z.string().nullish(),
    reading: readingOverrides.optional(),
    columns: chosenColumns.optional(),
  }),
])
export type Question = z.infer<typeof question>

export const toWorker = z.discriminatedUnion('type', [
  /** The first message, exactly once. */
  z.object({ type: z.literal('start'), library: z.string(), task: workerTask, job: jobId.nullable() }),
  z.object({ type: z.literal('cancel') }),
  /** Keep the state of the training and stop; other tasks only stop, because they begin again. */
  z.object({ type: z.literal('pause') }),
  /** End the training with the best epoch so far; other tasks ignore it. */
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('ask'), id: z.number().int(), question }),
  /** The last message: all messages of the worker have arrived, so it may exit. */
  z.object({ type: z.literal('close') }),
])
export type ToWorker = z.infer<typeof toWorker>

const fromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: jobProgress }),
  z.object({ type: z.literal('epoch'), point: epochPoint }),
  z.object({ type: z.literal('usage'), usage }),
  z.object({ type: z.literal('finished'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: errorShape }),
  z.object({ type: z.literal('cancelled') }),
  z.object({ type: z.literal('answered'), id: z.number().int(), answer: z.unknown() }),
  z.object({ type: z.literal('refused'), id: z.number().int(), error: errorShape }),
])
export type FromWorker = z.infer<typeof fromWorker>

/** Reads what a worker process sent; an invalid message (a defect) counts as a failure of the worker instead of ending the host. */
export function readFromWorker(message: unknown): FromWorker {
  const read = fromWorker.safeParse(message)
  if (read.success) return read.data
  return {
    type: 'failed',
    error: {
      code: 'INTERNAL',
      message: `The worker process sent an invalid message: ${z.prettifyError(read.error)}.`,
      next: 'Try again. If it happens again, copy this message and report it.',
    },
  }
}
