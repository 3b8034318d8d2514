import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'
import { type FileRole, type FoundFile, headBytes, noRatings, withRoles } from '../../../shared/found-files'
import { badInput, StudioError } from '../../../shared/errors'
import { isOpenDocument } from '../foreign-files'
import { headOf } from '../plain-text'
import type { Candidate } from '../file-heads'
import { sortFiles } from '../sort-files'
import type { NamedFile } from '../source-file'
import { workbook } from '../formats/workbook'
import { unpackingLimit } from './limits'
import { withZip, type ZipEntry } from './zip'

/** The contents of an archive: its ratings, and its items file if it has one. */
export interface Unpacked {
  readonly ratings: readonly NamedFile[]
  readonly items: NamedFile | null
  /** Tables whose columns are added to the rows of the ratings. */
  readonly joined: readonly NamedFile[]
  /** Every file of an archive with its role; empty if the file is not an archive. */
  readonly files: readonly FoundFile[]
}

const gzip = Buffer.from('\x1f\x8b', 'latin1')
const zstandard = Buffer.from('\x28\xb5\x2f\xfd', 'latin1')
const zip = Buffer.from('PK\x03\x04', 'latin1')

const withoutSuffix = (name: string): string => name.replace(/\.(gz|gzip|zst|zstd)$/i, '')

/**
 * Unpacks gzip, Zstandard and ZIP files into `folder`; any other file is returned unchanged. From a ZIP archive, the files
 * with ratings and items are used, see `sortFiles`.
 * @param roles the roles that the user gave to files of an archive, by path
 * @throws StudioError BAD_INPUT for archives that are damaged, made to fill disks, or without ratings
 */
export async function unpack(
  file: NamedFile,
  folder: string,
  signal: AbortSignal | null,
  roles: Readonly<Record<string, FileRole>> = {},
): Promise<Unpacked> {
  const head = headOf(file.path, 4096)
  const begins = (signature: Buffer): boolean => head.subarray(0, signature.length).equals(signature)
  if (begins(gzip) || begins(zstandard)) {
    const name = withoutSuffix(file.name)
    const stream = begins(gzip) ? zlib.createGunzip() : zstdStream(file)
    const packed = statSync(file.path).size
    const path = await write(file, createReadStream(file.path), stream, { packed, folder, signal })
    return { ratings: [{ path, name }], items: null, joined: [], files: [] }
  }
  // A spreadsheet is technically an archive, but the message has to call it a spreadsheet.
  if (!begins(zip) || workbook.recognises(head, file) || isOpenDocument(head))
    return { ratings: [file], items: null, joined: [], files: [] }
  return withZip(file, async (entries) => {
    const wanted = entries.filter(({ name }) => !/(^|\/)(__MACOSX\/|\.)/.test(name))
    const candidates: Candidate[] = []
    for (const entry of wanted)
      candidates.push({
        path: entry.name,
        bytes: entry.bytes,
        head: await headOfEntry(entry, headBytes(wanted.length)),
      })
    const files = withRoles(sortFiles(candidates), roles)
    const of = (role: FileRole): ZipEntry[] =>
      wanted.filter(({ name }) => files.some((found) => found.path === name && found.role === role))
    const [ratingEntries, [itemEntry]] = [of('ratings'), of('items')]
    if (ratingEntries.length === 0)
      throw new StudioError({
        code: 'BAD_INPUT',
        ...noRatings(
          file.name,
          files,
          'Choose the file with the ratings (--file-role PATH=ratings; in the app: Files), or unpack the archive.',
        ),
        files,
      })
    const one = async (entry: ZipEntry): Promise<NamedFile> => ({
      path: await unpackEntry(file, entry, folder, signal),
      name: basename(entry.name),
      inside: entry.name,
    })
    const ratings: NamedFile[] = []
    for (const entry of ratingEntries) ratings.push(await one(entry))
    const joined: NamedFile[] = []
    for (const entry of of('joined')) joined.push(await one(entry))
    return { ratings, items: itemEntry ? await one(itemEntry) : null, joined, files }
  })
}

/** The first `wanted` bytes of a compressed file, unpacked. */
async function headOfEntry(entry: ZipEntry, wanted: number): Promise<Buffer> {
  const stream = await entry.open()
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer)
    bytes += (chunk as Buffer).length
    if (bytes >= wanted) break
  }
  stream.destroy()
  return Buffer.concat(chunks).subarray(0, wanted)
}

const unpackEntry = async (
  file: NamedFile,
  entry: ZipEntry,
  folder: string,
  signal: AbortSignal | null,
): Promise<string> => write(file, await entry.open(), null, { packed: entry.packed, folder, signal })

async function write(
  file: NamedFile,
  source: Readable,
  unpacking: Transform | null,
  { packed, folder, signal }: { packed: number; folder: string; signal: AbortSignal | null },
): Promise<string> {
  const path = join(folder, `unpacked-${randomUUID()}`)
  const limit = unpackingLimit(file.name, packed, folder)
  const target = createWriteStream(path)
  try {
    const options = signal ? { signal } : {}
    if (unpacking) await pipeline(source, unpacking, limit, target, options)
    else await pipeline(source, limit, target, options)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (error instanceof StudioError || signal?.aborted || code === 'ENOSPC') throw error
    throw badInput(
      `The archive ${file.name} is ${code === 'Z_BUF_ERROR' ? 'truncated: its end is missing' : 'damaged'}.`,
      'Download or export it again, then import the new file.',
      { cause: error },
    )
  }
  return path
}

function zstdStream(file: NamedFile): Transform {
  // Available since Node 22.15.
  if ('createZstdDecompress' in zlib) return zlib.createZstdDecompress()
  throw badInput(`${file.name} is a Zstandard archive, which this version cannot unpack.`, 'Unpack it first.')
}
