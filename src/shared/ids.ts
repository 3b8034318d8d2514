import { z } from 'zod'

/** Database ids. They are branded, so that a run's id cannot be passed as a data set's. */
export const datasetId = z.number('Choose a data set.').int().positive().brand<'DatasetId'>()
export type DatasetId = z.infer<typeof datasetId>

export const runId = z.number('Choose a run.').int().positive().brand<'RunId'>()
export type RunId = z.infer<typeof runId>

export const preparationId = z.number().int().positive().brand<'PreparationId'>()
export type PreparationId = z.infer<typeof preparationId>

export const templateId = z.number().int().positive().brand<'TemplateId'>()
export type TemplateId = z.infer<typeof templateId>

export const experimentId = z.number().int().positive().brand<'ExperimentId'>()
export type ExperimentId = z.infer<typeof experimentId>

export const exportId = z.number().int().positive().brand<'ExportId'>()
export type ExportId = z.infer<typeof exportId>

export const mapId = z.number().int().positive().brand<'MapId'>()
export type MapId = z.infer<typeof mapId>

export const jobId = z.number().int().positive().brand<'JobId'>()
export type JobId = z.infer<typeof jobId>

/** A file that the user chose (uploaded to the host, or named on the command line). Never a path. */
export const fileHandle = z
  .string()
  .regex(/^[0-9a-f-]{36}$/)
  .brand<'FileHandle'>()
export type FileHandle = z.infer<typeof fileHandle>
