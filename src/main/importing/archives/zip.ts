import { promisify } from 'node:util'
import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import { badInput, StudioError } from '../../../shared/errors'
import type { NamedFile } from '../source-file'

/** A file within a ZIP archive. */
export interface ZipEntry {
  readonly name: string
  /** The unpacked size according to the archive; the actual content may not exceed it. */
  readonly bytes: number
  readonly packed: number
  open(): Promise<Readable>
}

/** No export has more files. */
const mostEntries = 10_000

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)

/** Calls `use` with the archive's files (no folders), in the archive's order. @throws StudioError BAD_INPUT with what is wrong with it. */
export async function withZip<T>(file: NamedFile, use: (entries: readonly ZipEntry[]) => Promise<T>): Promise<T> {
  let zip: yauzl.ZipFile
  try {
    zip = await openZip(file.path, { lazyEntries: true, autoClose: false })
  } catch (error) {
    throw damaged(file, error)
  }
  try {
    return await use(await list(zip, file))
  } finally {
    zip.close()
  }
}

/** The names and sizes of an archive's files. */
export const entriesOf = (file: NamedFile): Promise<readonly ZipEntry[]> =>
  withZip(file, (entries) => Promise.resolve(entries))

function list(zip: yauzl.ZipFile, file: NamedFile): Promise<ZipEntry[]> {
  return new Promise((resolve, reject) => {
    const found: ZipEntry[] = []
    zip.on('error', (error: Error) => reject(damaged(file, error)))
    zip.on('end', () => resolve(found))
    zip.on('entry', (entry: yauzl.Entry) => {
      if (found.length >= mostEntries) {
        reject(badInput(`${file.name} contains more than ${mostEntries} files.`, 'Unpack it and import the ratings.'))
        return
      }
      if ((entry.generalPurposeBitFlag & 1) !== 0) {
        reject(badInput(`${file.name} is encrypted.`, 'Unpack it with its password and import its contents.'))
        return
      }
      const openStream = promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))
      if (!entry.fileName.endsWith('/'))
        found.push({
          name: entry.fileName,
          bytes: entry.uncompressedSize,
          packed: entry.compressedSize,
          open: () => openStream(entry),
        })
      zip.readEntry()
    })
    zip.readEntry()
  })
}

function damaged(file: NamedFile, error: unknown): StudioError {
  if (error instanceof StudioError) return error
  const words = error instanceof Error ? error.message : String(error)
  if (/invalid relative path|absolute path|invalid characters in fileName/.test(words))
    return badInput(
      `${file.name} contains a file whose path points outside the archive (${words.split(': ').at(-1) ?? ''}), so it was not unpacked.`,
      'Create the archive again from the original files, or import them one by one.',
      { cause: error },
    )
  return badInput(`The ZIP archive ${file.name} is damaged or incomplete.`, 'Download or export it again.', {
    cause: error,
  })
}
