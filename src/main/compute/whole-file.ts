import { createHash } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What was written: the SHA-256 (hex) and the size. */
export interface Written {
  readonly sha256: string
  readonly bytes: number
}

/**
 * A file that is written chunk by chunk under a temporary name, fsynced and then renamed, so that it is always complete, either the old or the new one.
 * All methods throw the file system's error (full disk, no permission); `abandon` then leaves nothing behind.
 */
export class WholeFile {
  readonly #hash = createHash('sha256')
  #bytes = 0

  private constructor(
    private readonly file: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  static async begin(file: string): Promise<WholeFile> {
    const temporary = `${file}.${process.pid}.tmp`
    return new WholeFile(file, temporary, await open(temporary, 'w'))
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk)
    this.#bytes += chunk.length
    for (let done = 0; done < chunk.length;) done += (await this.handle.write(chunk, done)).bytesWritten
  }

  async finish(): Promise<Written> {
    await this.handle.sync()
    await this.handle.close()
    await rename(this.temporary, this.file)
    await syncFolder(dirname(this.file))
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes }
  }

  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined)
    await rm(this.temporary, { force: true })
  }
}

/** Makes the rename durable; Windows cannot open folders and does not need this. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
