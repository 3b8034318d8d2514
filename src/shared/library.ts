import { z } from 'zod'

/** What pages of the library are about. */
export const libraryTopic = z.enum([
  'datasets',
  'runs',
  'experiments',
  'maps',
  'exports',
  'jobs',
  'preparations',
  'templates',
])
export type LibraryTopic = z.infer<typeof libraryTopic>

/** What has changed since the last message. */
export const libraryChange = z.object({ changed: z.array(libraryTopic) })
export type LibraryChange = z.infer<typeof libraryChange>

/** Why a backup was made. */
export const backupReason = z.enum(['scheduled', 'asked', 'migration', 'repair', 'restore', 'unknown'])
export type BackupReason = z.infer<typeof backupReason>

/** A copy of the library's database in its folder `backups`. */
export const libraryBackup = z.object({
  /** Name of the file in that folder. */
  file: z.string(),
  /** Counts on with each backup, so that their order depends on no clock; null for those of earlier versions and copies that people put there. */
  number: z.number().int().nullable(),
  /** By the clock of that moment, which may have been wrong. */
  createdAt: z.iso.datetime(),
  bytes: z.number().int(),
  reason: backupReason,
  /** Null where nothing is known of the file: it was made before backups were checked, or its description is gone. */
  known: z
    .object({
      sha256: z.string(),
      schema: z.number().int(),
      /** Tells content apart that a person would miss: equal where nothing was imported, trained, deleted … in between. */
      content: z.string(),
    })
    .nullable(),
})
export type LibraryBackup = z.infer<typeof libraryBackup>

/** Something that is not as it should be. */
export const libraryFinding = z.object({
  /** `error`: data are lost or wrong; `warning`: something does not work; `note`: only space or protection is affected. */
  severity: z.enum(['error', 'warning', 'note']),
  kind: z.enum(['database', 'rows', 'weights', 'exports', 'files', 'backups']),
  /** What, in one sentence. */
  message: z.string(),
  /** What to do about it, in another. */
  remedy: z.string(),
})
export type LibraryFinding = z.infer<typeof libraryFinding>

/** What the last check of a library found. */
export const libraryCheck = z.object({ checkedAt: z.iso.datetime(), findings: z.array(libraryFinding) })
export type LibraryCheck = z.infer<typeof libraryCheck>

export const libraryStatus = z.object({
  folder: z.string(),
  /** Of the database with its log, of the weights, of the exports, and of the backups. */
  bytes: z.object({ database: z.number(), weights: z.number(), exports: z.number(), backups: z.number() }),
  /** Newest first. */
  backups: z.array(libraryBackup),
  /** Why the last backup that this program tried on its own could not be made; null where it could. */
  backupFailure: z.object({ message: z.string(), next: z.string() }).nullable(),
  lastCheck: libraryCheck.nullable(),
})
export type LibraryStatus = z.infer<typeof libraryStatus>

/** What a check, a backup or a restoration does now. */
export const libraryStep = z.object({ stage: z.string(), done: z.number(), total: z.number().nullable() })
export type LibraryStep = z.infer<typeof libraryStep>

export const restored = z.object({
  backup: libraryBackup,
  /** Folder in which the database that was replaced lies, with the files that only it named. */
  setAside: z.string(),
  /** What a check of the restored library found. */
  findings: z.array(libraryFinding),
})
export type Restored = z.infer<typeof restored>

export const repaired = z.object({
  /** What was done, a sentence each. */
  steps: z.array(z.string()),
  /** Folder that holds the library's database as it was before, and what was taken out; null where nothing was to be done. */
  setAside: z.string().nullable(),
  /** What is left. */
  findings: z.array(libraryFinding),
})
export type Repaired = z.infer<typeof repaired>

const event = <Result extends z.ZodType>(result: Result) =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('step'), step: libraryStep }),
    z.object({ type: z.literal('done'), result }),
  ])
/** What a watcher sees of the work: its steps, then its result. */
export const checkEvent = event(libraryCheck)
export const backupEvent = event(libraryBackup)
export const restoreEvent = event(restored)
