import { randomUUID } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { copyFile, open, rm, stat, statfs, type FileHandle as OpenFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { badInput, notFound, StudioError, toErrorShape } from '../../shared/errors'
import { formatBytes } from '../../shared/format'
import { fileHandle, type FileHandle } from '../../shared/ids'
import type { NamedFile } from '../jobs/specification'
import { ownPrefix, uploadsOf } from '../store/temporary-folders'

const largestUpload = 64 * 1024 ** 3
const mostUploads = 100

/** A file that somebody handed over. */
interface HeldFile extends NamedFile {
  readonly bytes: number
  received: number
  /** Whether it lies in our folder and goes with its handle. */
  readonly ours: boolean
  receiving: boolean
}

/**
 * Files by handle, the only way in which files enter the engine: announced and received in chunks (app and browser), or adopted where they
 * lie (command line). Handles end with the engine.
 */
export class Uploads {
  readonly #files = new Map<FileHandle, HeldFile>()
  readonly #folder: string

  constructor(library: string) {
    this.#folder = join(uploadsOf(library), `${ownPrefix}${randomUUID()}`)
  }

  /** Announces a file. Throws BAD_INPUT where it is too large or there are too many, DISK_FULL where it would not fit. */
  async open(name: string, bytes: number): Promise<FileHandle> {
    if (bytes > largestUpload) {
      throw badInput(
        `${name} has ${formatBytes(bytes)}, more than the ${formatBytes(largestUpload)} that can be handed over.`,
        'Split the file, or import it with the command line, which reads it where it lies.',
      )
    }
    if (this.#files.size >= mostUploads) {
      throw badInput(
        `There are already ${mostUploads} files waiting to be imported.`,
        'Import or remove some of them first.',
      )
    }
    this.#makeFolder()
    const disk = await statfs(this.#folder)
    const free = disk.bavail * disk.bsize
    if (bytes > free) throw diskFull(`${name} has ${formatBytes(bytes)}, but only ${formatBytes(free)} are free.`)
    const handle = fileHandle.parse(randomUUID())
    // The name comes from outside, so the file is not called by it.
    const path = join(this.#folder, handle)
    await (await open(path, 'w')).close()
    this.#files.set(handle, { path, name, bytes, received: 0, ours: true, receiving: false })
    return handle
  }

  /** A handle of a file that a job is to write; it goes with the engine. */
  reserve(name: string): FileHandle {
    this.#makeFolder()
    const handle = fileHandle.parse(randomUUID())
    const path = join(this.#folder, handle)
    this.#files.set(handle, { path, name, bytes: 0, received: 0, ours: true, receiving: false })
    return handle
  }

  /** A handle of our own copy of a bundled file. */
  async copy(source: string): Promise<FileHandle> {
    this.#makeFolder()
    const handle = fileHandle.parse(randomUUID())
    const path = join(this.#folder, handle)
    await copyFile(source, path)
    const bytes = (await stat(path)).size
    this.#files.set(handle, { path, name: basename(source), bytes, received: bytes, ours: true, receiving: false })
    return handle
  }

  /** A handle of a file that stays where it is. Throws NOT_FOUND, BAD_INPUT or NO_PERMISSION naming the path. */
  adopt(path: string): FileHandle {
    const absolute = resolve(path)
    let bytes: number
    try {
      const found = statSync(absolute)
      if (!found.isFile()) throw badInput(`${path} is not a file.`, 'Name a CSV file of ratings.')
      bytes = found.size
    } catch (error) {
      if (error instanceof StudioError) throw error
      const shape = toErrorShape(error)
      throw shape.code === 'NOT_FOUND'
        ? notFound(`There is no file ${path}.`, 'Check the path and try again.')
        : new StudioError({ ...shape, message: `${path} cannot be read: ${shape.message}` }, { cause: error })
    }
    const handle = fileHandle.parse(randomUUID())
    this.#files.set(handle, {
      path: absolute,
      name: basename(absolute),
      bytes,
      received: bytes,
      ours: false,
      receiving: false,
    })
    return handle
  }

  /**
   * Takes the chunk that begins at byte `offset`, which must be where the file ends so far. A chunk that fails can be sent again.
   * Throws BAD_INPUT for a chunk in the wrong place or beyond the announced size, DISK_FULL.
   */
  async receive(handle: FileHandle, offset: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    const file = this.#held(handle)
    if (file.receiving || offset !== file.received) {
      throw badInput(
        `A part of ${file.name} came for byte ${offset}, but byte ${file.received} comes next.`,
        'Choose the file again.',
      )
    }
    file.receiving = true
    try {
      const target = await open(file.path, 'r+')
      try {
        let at = offset
        for await (const part of body) {
          if (at + part.byteLength > file.bytes) {
            throw badInput(
              `${file.name} is longer than the ${formatBytes(file.bytes)} that were announced.`,
              'Choose the file again; do not change it while it is read.',
            )
          }
          await writeAt(target, part, at)
          at += part.byteLength
        }
        file.received = at
      } finally {
        await target.close()
      }
    } catch (error) {
      throw error instanceof StudioError ? error : new StudioError(toErrorShape(error), { cause: error })
    } finally {
      file.receiving = false
    }
  }

  /** Where a completely received file lies. Throws NOT_FOUND, or BAD_INPUT for one of which parts are missing. */
  complete(handle: FileHandle): NamedFile {
    const { path, name, bytes, received } = this.#held(handle)
    if (received === bytes) return { path, name }
    throw badInput(
      `Only ${formatBytes(received)} of the ${formatBytes(bytes)} of ${name} have arrived.`,
      'Choose the file again.',
    )
  }

  /** Discards what lies at these paths: an import that has finished needs its files no more. */
  async discardFiles(paths: readonly string[]): Promise<void> {
    for (const [handle, { path }] of [...this.#files]) if (paths.includes(path)) await this.discard(handle)
  }

  async discard(handle: FileHandle): Promise<boolean> {
    const file = this.#files.get(handle)
    if (!file) return false
    this.#files.delete(handle)
    if (file.ours) await rm(file.path, { force: true })
    return true
  }

  async close(): Promise<void> {
    this.#files.clear()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #makeFolder(): void {
    mkdirSync(this.#folder, { recursive: true })
  }

  #held(handle: FileHandle): HeldFile {
    const file = this.#files.get(handle)
    if (file) return file
    throw notFound('This file is no longer there.', 'Choose it again.')
  }
}

/** One write may take less than it is given, on a nearly full disk for example. */
async function writeAt(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    done += (await file.write(bytes, done, bytes.byteLength - done, position + done)).bytesWritten
  }
}

const diskFull = (message: string): StudioError =>
  new StudioError({
    code: 'DISK_FULL',
    message,
    next: 'Free some space on the disk that holds the library, or choose another library folder, then try again.',
  })
