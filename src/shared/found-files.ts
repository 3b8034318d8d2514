import { z } from 'zod'
import { certainty, wasChosen } from './certainty'

/** The role of a file in an archive or a folder; the columns of a joined file are added to the rows of the ratings. */
export const fileRole = z.enum(['ratings', 'items', 'joined', 'left out'])
export type FileRole = z.infer<typeof fileRole>

/** A file of an archive or a folder, with its role and the reason for it. */
export const foundFile = z.object({
  /** Its path in the archive or folder. */
  path: z.string(),
  bytes: z.number().int(),
  role: fileRole,
  certainty,
  /** One sentence. */
  reason: z.string(),
  /** Set for a file that is left out because it describes users, such as by their age: no import reads those. */
  describesUsers: z.literal(true).optional(),
})
export type FoundFile = z.infer<typeof foundFile>

/** The number of bytes at the beginning of a file that show its columns. */
const longestHead = 64 * 1024
/** The maximum bytes of all file beginnings in one question, which is sent as one message. */
const allHeads = 4 * 1024 * 1024

/** The number of bytes to send of each file; the more files, the fewer. */
export const headBytes = (files: number): number =>
  Math.max(1024, Math.min(longestHead, Math.floor(allHeads / Math.max(1, files))))

/** The maximum number of files in a folder; larger exports are not known. */
export const mostFiles = 1000

const byNumber = new Intl.Collator('en', { numeric: true })
/** The order in which several files are read, independent of the order on disk: part-2 before part-10. */
export const inOrder = (a: string, b: string): number => byNumber.compare(a, b)

/** Files of a folder or that were chosen together, each with its first bytes (base64). */
export const sortFilesRequest = z.object({
  files: z
    .array(z.object({ path: z.string().min(1), bytes: z.number().int().nonnegative(), head: z.base64() }))
    .min(1)
    .max(mostFiles),
})
export type SortFilesRequest = z.infer<typeof sortFilesRequest>

/** Why an archive or a folder cannot be imported if none of its files has ratings. */
export function noRatings(
  called: string,
  files: readonly FoundFile[],
  next: string,
): { readonly message: string; readonly next: string } {
  return {
    message: `${called} has no file that its columns or its name identify as ratings. It has ${listed(files)}.`,
    next,
  }
}

/** The paths of the first files. */
export const listed = (files: readonly FoundFile[]): string =>
  files
    .slice(0, 10)
    .map(({ path }) => path)
    .join(', ') + (files.length > 10 ? ', …' : '')

/** A file that would have the items if they were not read from another one. */
export const withoutItems = (file: FoundFile): FoundFile =>
  file.role === 'items'
    ? { ...file, role: 'left out', certainty: 'certain', reason: 'The items are read from another file.' }
    : file

/** The roles chosen by a person, with one changed; at most one file has the items. */
export const withRole = (
  roles: Readonly<Record<string, FileRole>>,
  path: string,
  role: FileRole,
): Record<string, FileRole> => ({
  ...Object.fromEntries(
    Object.entries(roles).map(([other, given]) => [other, role === 'items' && given === 'items' ? 'left out' : given]),
  ),
  [path]: role,
})

/**
 * The same files with the roles that a person chose, by path. At most one file has the items: a chosen one replaces the recognised one. A single file that is left
 * with ratings no longer has to mean the same as others.
 */
export function withRoles(files: readonly FoundFile[], roles: Readonly<Record<string, FileRole>> = {}): FoundFile[] {
  const chosenItems = files.some(({ path }) => roles[path] === 'items')
  const withRatings = (list: readonly FoundFile[]): number => list.filter(({ role }) => role === 'ratings').length
  const chosen = files.map((file) => {
    const role = roles[file.path] ?? (chosenItems && file.role === 'items' ? 'left out' : file.role)
    if (role === file.role && roles[file.path] === undefined) return file
    const reason = roles[file.path] === undefined ? 'Another file was chosen for the items.' : wasChosen
    return { ...file, role, certainty: 'certain' as const, reason }
  })
  if (withRatings(files) < 2 || withRatings(chosen) !== 1) return chosen
  return chosen.map((file) =>
    file.role === 'ratings' && file.certainty === 'guess'
      ? { ...file, certainty: 'likely', reason: 'The other files were given other roles.' }
      : file,
  )
}
