import { type FoundFile, headBytes, inOrder } from '../../../shared/found-files'
import { client } from '../../rpc'

/** A file that was chosen for an import, with its role. */
export interface ChosenFile {
  readonly file: File
  readonly found: FoundFile
}

/** A file's path in the folder that was chosen, or its name. */
export const pathOf = (file: File): string => file.webkitRelativePath || file.name

/** Files with others, sorted by their paths; a file with the path of an earlier one replaces it. */
export function withFiles(files: readonly File[], added: readonly File[]): File[] {
  const paths = new Set(added.map(pathOf))
  const all = [...files.filter((file) => !paths.has(pathOf(file))), ...added]
  return all.sort((a, b) => inOrder(pathOf(a), pathOf(b)))
}

/** The role of each file, from its name and first bytes; nothing else is sent. Throws `StudioError` for a file that cannot be read. */
export async function sortFiles(files: readonly File[], signal: AbortSignal): Promise<FoundFile[]> {
  const wanted = headBytes(files.length)
  const heads = await Promise.all(
    files.map(async (file) => ({
      path: pathOf(file),
      bytes: file.size,
      head: base64(new Uint8Array(await file.slice(0, wanted).arrayBuffer())),
    })),
  )
  return client.datasets.sortFiles({ files: heads }, { signal })
}

function base64(bytes: Uint8Array): string {
  const step = 0x8000
  let text = ''
  for (let at = 0; at < bytes.length; at += step) text += String.fromCharCode(...bytes.subarray(at, at + step))
  return btoa(text)
}

/** A suggested name: that of the common folder of several files, otherwise that of the first, “ratings.csv” → “ratings”. */
export function nameOf(files: readonly ChosenFile[], first: string): string {
  const ratings = files.filter(({ found }) => found.role === 'ratings')
  const [folder, ...inside] = ratings[0] ? pathOf(ratings[0].file).split('/') : []
  return (ratings.length > 1 && folder && inside.length > 0 ? folder : first.replace(/\.[^.]+$/, '')).slice(0, 120)
}
