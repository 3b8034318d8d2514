import { z } from 'zod'
import { foundFile, type FoundFile } from './found-files'

export const errorCode = z.enum([
  'BAD_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'CANCELLED',
  'DISK_FULL',
  'NO_PERMISSION',
  'NEWER_DATABASE',
  'DAMAGED_FILE',
  'WORKER_ENDED',
  'OUT_OF_MEMORY',
  'BACKEND_UNAVAILABLE',
  'INTERNAL',
])
export type ErrorCode = z.infer<typeof errorCode>

/** How every host shows a failure: one sentence with the cause, and one with the next step. */
export const errorShape = z.object({
  code: errorCode,
  message: z.string(),
  next: z.string(),
  /** The roles of an archive's files, if the next step is to choose among them. */
  files: z.array(foundFile).optional(),
})
export type ErrorShape = z.infer<typeof errorShape>

const longestMessage = 2000

/** Sentences quote names and ids; the middle of very long ones is left out. */
function readable(text: string): string {
  if (text.length <= longestMessage) return text
  const kept = longestMessage / 2 - 50
  // Half of a surrogate pair at the cut is removed, too.
  const [start, end] = [
    text.slice(0, kept).replace(/[\uD800-\uDBFF]$/, ''),
    text.slice(-kept).replace(/^[\uDC00-\uDFFF]/, ''),
  ]
  return `${start} … (${(text.length - start.length - end.length).toLocaleString('en')} characters are left out) … ${end}`
}

/** An error meant for people. Any other error is a defect and is shown as `INTERNAL`. */
export class StudioError extends Error {
  readonly code: ErrorCode
  readonly next: string
  readonly files: FoundFile[] | undefined

  constructor(shape: ErrorShape, options?: ErrorOptions) {
    super(readable(shape.message), options)
    this.name = 'StudioError'
    this.code = shape.code
    this.next = readable(shape.next)
    this.files = shape.files
  }

  toShape(): ErrorShape {
    const { code, message, next, files } = this
    return { code, message, next, ...(files ? { files } : {}) }
  }
}

export const badInput = (message: string, next: string, options?: ErrorOptions): StudioError =>
  new StudioError({ code: 'BAD_INPUT', message, next }, options)

export const notFound = (message: string, next: string): StudioError =>
  new StudioError({ code: 'NOT_FOUND', message, next })

export const cancelled = (what: string): StudioError =>
  new StudioError({ code: 'CANCELLED', message: `${what} was cancelled.`, next: 'You can start it again at any time.' })

const systemCauses: Record<string, Pick<ErrorShape, 'code' | 'message' | 'next'>> = {
  ENOSPC: {
    code: 'DISK_FULL',
    message: 'The disk is full.',
    next: 'Free some space on the disk that holds the library, or choose another library folder, then try again.',
  },
  SQLITE_FULL: {
    code: 'DISK_FULL',
    message: 'The disk is full.',
    next: 'Free some space on the disk that holds the library, or choose another library folder, then try again.',
  },
  EACCES: {
    code: 'NO_PERMISSION',
    message: 'This user is not allowed to read or write the file or folder.',
    next: 'Change its permissions or choose another folder, then try again.',
  },
  EPERM: {
    code: 'NO_PERMISSION',
    message: 'This user is not allowed to read or write the file or folder.',
    next: 'Change its permissions or choose another folder, then try again.',
  },
  EROFS: {
    code: 'NO_PERMISSION',
    message: 'The folder is on a read-only disk.',
    next: 'Choose a folder that can be written to, then try again.',
  },
  ENOENT: {
    code: 'NOT_FOUND',
    message: 'A file or folder does not exist.',
    next: 'Check the path and try again.',
  },
  ENOTDIR: {
    code: 'BAD_INPUT',
    message: 'A part of the path is a file, not a folder.',
    next: 'Check the path and try again.',
  },
  ENAMETOOLONG: {
    code: 'BAD_INPUT',
    message: 'The path or a name in it is too long for this system.',
    next: 'Choose a shorter path, then try again.',
  },
  ELOOP: {
    code: 'BAD_INPUT',
    message: 'The path contains symbolic links that form a loop.',
    next: 'Correct the links or choose another path, then try again.',
  },
  EISDIR: {
    code: 'BAD_INPUT',
    message: 'This is a folder, not a file.',
    next: 'Choose a file.',
  },
  SQLITE_NOTADB: {
    code: 'DAMAGED_FILE',
    message: 'The library file is not a database.',
    next: 'Choose another library folder, or restore the file from a backup.',
  },
  SQLITE_CORRUPT: {
    code: 'DAMAGED_FILE',
    message: 'The library database is damaged.',
    next: 'Restore it from the backup beside it, or choose another library folder.',
  },
}

/** Folders are created recursively, so ENOENT does not mean that a parent is missing; Node also reports it for read-only disks. */
const folderNotMade: Pick<ErrorShape, 'code' | 'message' | 'next'> = {
  code: 'NO_PERMISSION',
  message: 'A folder cannot be created: its disk is read-only, or a link in its path is broken.',
  next: 'Choose a folder that can be written to, then try again.',
}

/** Converts anything thrown to the shape that people see; unknown errors keep their own message. */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof StudioError) return error.toShape()
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = error instanceof Error ? error.message : String(error)
  const makesFolder = error instanceof Error && 'syscall' in error && error.syscall === 'mkdir'
  const known = code === 'ENOENT' && makesFolder ? folderNotMade : systemCauses[code]
  if (known) return { ...known, message: readable(`${known.message} (${words})`) }
  return {
    code: 'INTERNAL',
    message: readable(words) || 'Something went wrong inside VASP Studio.',
    next: 'Try again. If it happens again, copy this message and report it.',
  }
}
