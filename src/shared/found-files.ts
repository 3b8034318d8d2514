import { z } from 'zod'

/** What a file of an archive or a folder is taken for. */
export const fileRole = z.enum(['ratings', 'items', 'left out'])
export type FileRole = z.infer<typeof fileRole>

/** A file of an archive or a folder, what it was taken for, and why. */
export const foundFile = z.object({
  /** Its place in the archive or folder. */
  path: z.string(),
  bytes: z.number().int(),
  role: fileRole,
  /** One sentence. */
  reason: z.string(),
})
export type FoundFile = z.infer<typeof foundFile>
