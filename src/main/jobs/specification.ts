import { listFormat } from '../../shared/exports'
import { z } from 'zod'
import { columnMapping, duplicatePolicy, importTarget, itemColumnMapping, rejectLimit } from '../../shared/datasets'
import { unknownUsers } from '../../shared/explore'
import { exportId, runId } from '../../shared/ids'
import { mapRequest } from '../../shared/maps'
import { reading, readingOverrides } from '../../shared/reading'
import { splitCheckRequest, splitExportRequest } from '../../shared/splits'

/** A file on this machine with its original name. */
export const namedFile = z.object({ path: z.string(), name: z.string() })
export type NamedFile = z.infer<typeof namedFile>

const importSpecification = z.object({
  kind: z.literal('import'),
  name: z.string(),
  ratings: z.array(namedFile).min(1),
  items: namedFile.nullable(),
  joined: z.array(namedFile).optional(),
  mapping: columnMapping,
  itemMapping: itemColumnMapping.nullable(),
  duplicates: duplicatePolicy.optional(),
  maxRejects: rejectLimit.nullish(),
  table: z.string().nullish(),
  reading: readingOverrides.optional(),
  choices: reading.optional(),
  into: importTarget.nullable().default(null),
})
export type ImportSpecification = z.infer<typeof importSpecification>

/** Everything else about a run (model, config, seed, split) is in its row. */
const trainSpecification = z.object({
  kind: z.literal('train'),
  run: runId,
  /** Whether its last state stays when it finishes, whatever the setting says. */
  keepState: z.boolean().default(false),
})
export type TrainSpecification = z.infer<typeof trainSpecification>

const evaluateSpecification = z.object({
  kind: z.literal('evaluate'),
  run: runId,
  /** External ids; null: the run's test users. */
  users: z.array(z.string()).nullable(),
})
export type EvaluateSpecification = z.infer<typeof evaluateSpecification>

const exportSpecification = z.object({
  kind: z.literal('export'),
  export: exportId,
  run: runId,
  users: z.union([z.literal('all'), z.array(z.string())]),
  k: z.number().int(),
  unknownUsers: unknownUsers.default('popularity'),
  format: listFormat.default('csv'),
  bom: z.boolean().default(true),
  /** Relative to the library folder. */
  file: z.string(),
  /** Whether the export is deleted with its program, which then does not leave the job to others. */
  temporary: z.boolean().default(false),
})
export type ExportSpecification = z.infer<typeof exportSpecification>

const mapSpecification = mapRequest.extend({ kind: z.literal('map') })
export type MapSpecification = z.infer<typeof mapSpecification>

/** Writes a split to a file, or checks one of the library against a data set. */
const splitSpecification = z.object({
  kind: z.literal('split'),
  task: z.discriminatedUnion('action', [
    z.object({ action: z.literal('export'), of: splitExportRequest, file: namedFile }),
    splitCheckRequest.extend({ action: z.literal('check') }),
  ]),
})
export type SplitSpecification = z.infer<typeof splitSpecification>

/** Sets up a build of TensorFlow for GPUs on this machine. */
const setupSpecification = z.object({ kind: z.literal('setup'), variant: z.literal('cuda12') })

/** The task of a queued job: stored with its row, read by its worker. */
export const jobSpecification = z.discriminatedUnion('kind', [
  importSpecification,
  trainSpecification,
  evaluateSpecification,
  exportSpecification,
  mapSpecification,
  splitSpecification,
  setupSpecification,
])
export type JobSpecification = z.infer<typeof jobSpecification>

/** Whether a job can be done later and by another program, because everything that it needs is in the library. */
export function isDurable(task: JobSpecification): boolean {
  switch (task.kind) {
    case 'train':
    case 'evaluate':
    case 'map':
      return true
    case 'export':
      return !task.temporary
    case 'import':
    case 'split':
    case 'setup':
      return false
  }
}

/** A worker that answers questions until it is closed: with a loaded model, or about this machine and files on it. */
const serveSpecification = z.object({ kind: z.literal('serve'), run: runId })
const probeSpecification = z.object({ kind: z.literal('probe') })
export type ServeSpecification = z.infer<typeof serveSpecification>

export const workerTask = z.discriminatedUnion('kind', [
  importSpecification,
  trainSpecification,
  evaluateSpecification,
  exportSpecification,
  mapSpecification,
  splitSpecification,
  setupSpecification,
  serveSpecification,
  probeSpecification,
])
export type WorkerTask = z.infer<typeof workerTask>
