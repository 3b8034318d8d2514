import { z } from 'zod'

/** What pages of the library show. */
export const libraryTopic = z.enum([
  'datasets',
  'runs',
  'experiments',
  'maps',
  'exports',
  'jobs',
  'preparations',
  'templates',
  'views',
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
  /** Increases with each backup, so that their order depends on no clock; null for backups of earlier versions and copies that people put there. */
  number: z.number().int().nullable(),
  /** By the clock of that time, which may have been wrong. */
  createdAt: z.iso.datetime(),
  bytes: z.number().int(),
  reason: backupReason,
  /** Null if nothing is known about the file: it was made before backups were checked, or its description is missing. */
  known: z
    .object({
      sha256: z.string(),
      schema: z.number().int(),
      /** Shows whether contents differ: equal if nothing was imported, trained or deleted in between. */
      content: z.string(),
    })
    .nullable(),
})
export type LibraryBackup = z.infer<typeof libraryBackup>

/** A problem of a library. */
export const libraryFinding = z.object({
  /** `error`: data are lost or wrong; `warning`: something does not work; `note`: only space or protection is affected. */
  severity: z.enum(['error', 'warning', 'note']),
  kind: z.enum(['database', 'rows', 'weights', 'exports', 'files', 'backups']),
  /** The problem, in one sentence. */
  message: z.string(),
  /** The remedy, in another sentence. */
  remedy: z.string(),
})
export type LibraryFinding = z.infer<typeof libraryFinding>

/** The result of the last check of a library. */
export const libraryCheck = z.object({ checkedAt: z.iso.datetime(), findings: z.array(libraryFinding) })
export type LibraryCheck = z.infer<typeof libraryCheck>

export const libraryStatus = z.object({
  folder: z.string(),
  /** Bytes of the database with its log, of the weights, of the exports, and of the backups. */
  bytes: z.object({ database: z.number(), weights: z.number(), exports: z.number(), backups: z.number() }),
  /** Newest first. */
  backups: z.array(libraryBackup),
  /** Why the last automatic backup failed; null if it succeeded. */
  backupFailure: z.object({ message: z.string(), next: z.string() }).nullable(),
  lastCheck: libraryCheck.nullable(),
})
export type LibraryStatus = z.infer<typeof libraryStatus>

/** The current step of a check, a backup or a restoration. */
export const libraryStep = z.object({ stage: z.string(), done: z.number(), total: z.number().nullable() })
export type LibraryStep = z.infer<typeof libraryStep>

export const restored = z.object({
  backup: libraryBackup,
  /** Folder with the replaced database and the files that only it referred to. */
  setAside: z.string(),
  /** The result of the check of the restored library. */
  findings: z.array(libraryFinding),
})
export type Restored = z.infer<typeof restored>

export const repaired = z.object({
  /** What was done, one sentence each. */
  steps: z.array(z.string()),
  /** Folder with the library's database as it was before, and what was removed from it; null if nothing had to be done. */
  setAside: z.string().nullable(),
  /** The remaining problems. */
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
