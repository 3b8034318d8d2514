import { createWriteStream } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { Readable } from 'node:stream'
import yauzl from 'yauzl'

/** Libraries, the compiler that XLA calls, and licences: no headers, no Python. */
const wanted =
  /^(tensorflow\/(libtensorflow_(cc|framework)\.so\.2|THIRD_PARTY_NOTICES\.txt)|nvidia\/[^/]+\/lib\/[^/]+|nvidia\/cuda_nvcc\/(bin|nvvm)\/.+|[^/]+\.dist-info\/(licenses\/)?license(\.txt)?)$/i
const unwanted = /\.(py|a|h)$|\/$/

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)

/**
 * Extracts the required files of a wheel (a ZIP archive) into `folder`, over existing ones.
 * @returns their paths in `folder` with their sizes. Throws the file system's own errors (full disk), and if `signal` is aborted
 */
export async function unpackWheel(wheel: string, folder: string, signal: AbortSignal): Promise<Record<string, number>> {
  const zip = await openZip(wheel, { lazyEntries: true, autoClose: false })
  try {
    const openStream = promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))
    const files: Record<string, number> = {}
    for (const entry of await entriesOf(zip)) {
      const { fileName, uncompressedSize, externalFileAttributes } = entry
      if (!wanted.test(fileName) || unwanted.test(fileName)) continue
      const target = join(folder, fileName)
      await mkdir(dirname(target), { recursive: true })
      await pipeline(await openStream(entry), createWriteStream(target), { signal })
      // ptxas is a program.
      if (((externalFileAttributes >>> 16) & 0o111) !== 0) await chmod(target, 0o755)
      files[fileName] = uncompressedSize
    }
    return files
  } finally {
    zip.close()
  }
}

function entriesOf(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const found: yauzl.Entry[] = []
    zip.on('error', reject)
    zip.on('end', () => resolve(found))
    zip.on('entry', (entry: yauzl.Entry) => {
      found.push(entry)
      zip.readEntry()
    })
    zip.readEntry()
  })
}
