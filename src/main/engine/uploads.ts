import { randomUUID } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { copyFile, open, rm, stat, statfs, type FileHandle as OpenFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { badInput, notFound, StudioError, toErrorShape } from '../../shared/errors'
import { formatBytes } from '../../shared/format'
import { fileHandle, type FileHandle } from '../../shared/ids'
import { log } from '../jobs/log'
import type { NamedFile } from '../jobs/specification'
import { makeTemporaryFolder, uploadsOf } from '../store/temporary-folders'
import { UploadPages } from './upload-pages'

const largestUpload = 64 * 1024 ** 3
/** Maximum number of files of one page, and of all pages together. */
const mostOfPage = 100
const mostInAll = 500
/** How long the files of a page are kept after its connection closes, so that a short interruption loses no upload, in milliseconds. */
const graceMs = 60_000
/** How long a file is kept without being written or read, in milliseconds. */
const idleMs = 24 * 3_600_000
const sweepMs = 10_000

/** An uploaded or registered file. */
interface HeldFile extends NamedFile {
  readonly bytes: number
  received: number
  /** Whether it is in our folder and is removed with its handle. */
  readonly ours: boolean
  /** The page whose end removes it; null: the end of the engine does. */
  readonly page: string | null
  /** Whether it is removed after its first job. */
  readonly once: boolean
  receiving: boolean
  /** The number of jobs, questions and chunks that read or write it now; meanwhile it is not removed. */
  uses: number
  usedAt: number
  discarded: boolean
}

/**
 * Files by handle, the only way for files to enter the engine: announced and received in chunks (app and browser), or registered by path (command
 * line). A handle ends with its page (a minute after its last connection closed), after a day without use, and with the engine; a file in use is
 * removed when it is released.
 */
export class Uploads {
  readonly pages: UploadPages
  readonly #files = new Map<FileHandle, HeldFile>()
  /** Files without a handle that are still in use. */
  readonly #leaving = new Set<HeldFile>()
  readonly #library: string
  /** Created with the first file. */
  #folder: string | null = null
  readonly #now: () => number
  readonly #sweeping: NodeJS.Timeout

  /** @param now monotonic clock in milliseconds */
  constructor(library: string, now: () => number = () => performance.now()) {
    this.#library = library
    this.#now = now
    this.pages = new UploadPages(now)
    this.#sweeping = setInterval(() => void this.sweep(), sweepMs)
    this.#sweeping.unref()
  }

  /**
   * Announces a file of a page. Throws BAD_INPUT if it is too large or there are too many, DISK_FULL if it does not fit.
   * If there are too many, those of disconnected pages are discarded at once.
   */
  async open(name: string, bytes: number, page: string | null): Promise<FileHandle> {
    if (bytes > largestUpload) {
      throw badInput(
        `${name} has ${formatBytes(bytes)}, more than the limit of ${formatBytes(largestUpload)}.`,
        'Split the file, or import it with the command line, which has no limit.',
      )
    }
    if (this.#tooMany(page)) await this.#discardWhere((file) => this.#abandoned(file))
    const sentence = this.#tooMany(page)
    if (sentence) throw badInput(sentence, 'Import or remove some of them first, or close pages that hold them.')
    const [handle, path] = this.#newFile()
    // Counted before the first await, so that concurrent requests cannot exceed the limit.
    const file = this.#held(path, name, { bytes, page, uses: 1 })
    this.#files.set(handle, file)
    try {
      await this.#refuseTooLarge(name, bytes)
      // The name is untrusted, so it is not used as the file's path.
      await (await open(path, 'w', 0o600)).close()
    } catch (error) {
      this.#files.delete(handle)
      throw error
    }
    await this.#release(file)
    return handle
  }

  /** A handle for a file that a job will write; it ends like the page's other files. */
  reserve(name: string, page: string | null): FileHandle {
    const [handle, path] = this.#newFile()
    this.#files.set(handle, this.#held(path, name, { bytes: 0, page }))
    return handle
  }

  /** A handle of a copy of a bundled file; the copy is removed after its first job, whatever its result. */
  async copy(source: string): Promise<FileHandle> {
    const [handle, path] = this.#newFile()
    await copyFile(source, path)
    const bytes = (await stat(path)).size
    this.#files.set(handle, this.#held(path, basename(source), { bytes, received: bytes, once: true }))
    return handle
  }

  /** A handle of a file that is not copied. Throws NOT_FOUND, BAD_INPUT or NO_PERMISSION naming the path. */
  register(path: string): FileHandle {
    const absolute = resolve(path)
    let bytes: number
    try {
      const found = statSync(absolute)
      if (!found.isFile()) throw badInput(`${path} is not a file.`, 'Give a CSV file of ratings.')
      bytes = found.size
    } catch (error) {
      if (error instanceof StudioError) throw error
      const shape = toErrorShape(error)
      throw shape.code === 'NOT_FOUND'
        ? notFound(`There is no file ${path}.`, 'Check the path and try again.')
        : new StudioError({ ...shape, message: `${path} cannot be read: ${shape.message}` }, { cause: error })
    }
    const handle = fileHandle.parse(randomUUID())
    this.#files.set(handle, this.#held(absolute, basename(absolute), { bytes, received: bytes, ours: false }))
    return handle
  }

  /**
   * Receives the chunk at byte `offset`, which must be the current end of the file. A failed chunk can be sent again. Throws BAD_INPUT for a chunk in
   * the wrong place or beyond the announced size, DISK_FULL.
   */
  async receive(handle: FileHandle, offset: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    const file = this.#find(handle)
    if (file.receiving || offset !== file.received) {
      throw badInput(
        `A chunk of ${file.name} starts at byte ${offset} instead of ${file.received}.`,
        'Choose the file again.',
      )
    }
    file.receiving = true
    this.#use(file)
    try {
      const target = await open(file.path, 'r+')
      try {
        let at = offset
        for await (const part of body) {
          if (file.discarded) throw noLongerThere()
          if (at + part.byteLength > file.bytes) {
            throw badInput(
              `${file.name} is longer than the announced ${formatBytes(file.bytes)}.`,
              'Choose the file again, and do not change it while it is being read.',
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
      await this.#release(file)
    }
  }

  /** The path of a completely received file. Throws NOT_FOUND, or BAD_INPUT if it is incomplete. */
  complete(handle: FileHandle): NamedFile {
    const { path, name, bytes, received } = this.#find(handle)
    if (received === bytes) return { path, name }
    throw badInput(
      `Only ${formatBytes(received)} of the ${formatBytes(bytes)} of ${name} have arrived.`,
      'Choose the file again.',
    )
  }

  /** Runs `work` with completely received files, which are not removed until it has ended. Throws like `complete`. */
  async reading<T>(handles: readonly FileHandle[], work: (files: readonly NamedFile[]) => Promise<T>): Promise<T> {
    const files = this.take(handles)
    try {
      return await work(files)
    } finally {
      await this.release(files.map(({ path }) => path))
    }
  }

  /** Completely received files for a job, which are not removed before each has been released. Throws like `complete`. */
  take(handles: readonly FileHandle[]): readonly NamedFile[] {
    const files = handles.map((handle) => this.complete(handle))
    for (const handle of handles) this.#use(this.#find(handle))
    return files
  }

  /** Ends a job's use of the files at these paths; the handles stay, so that the files can be imported with other settings. */
  async release(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const files = [...this.#files.values(), ...this.#leaving].filter((file) => file.path === path)
      for (const file of files) await this.#release(file)
    }
  }

  /** Discards the files at these paths: an import that has finished needs its files no more. */
  async discardFiles(paths: readonly string[]): Promise<void> {
    for (const [handle, { path }] of [...this.#files]) if (paths.includes(path)) await this.discard(handle)
  }

  /** Ends a handle; its file is removed immediately, or when it is released. Resolves to false if there is no such handle. */
  async discard(handle: FileHandle): Promise<boolean> {
    const file = this.#files.get(handle)
    if (!file) return false
    this.#files.delete(handle)
    file.discarded = true
    if (file.uses > 0) this.#leaving.add(file)
    else if (file.ours) await rm(file.path, { force: true })
    return true
  }

  /** Discards files of pages that have been disconnected for a minute, and files that were not used for a day. */
  async sweep(): Promise<void> {
    try {
      await this.#discardWhere((file) => {
        const idle = this.#now() - file.usedAt
        const left = file.page !== null && this.pages.goneFor(file.page) > graceMs && idle > graceMs
        return file.ours && (left || idle > idleMs)
      })
      this.pages.forget(graceMs)
    } catch (error) {
      log(`${toErrorShape(error).message} The files are removed when VASP Studio closes.`)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping)
    this.#files.clear()
    this.#leaving.clear()
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true })
  }

  /** Why no further file may be announced; null if one may. */
  #tooMany(page: string | null): string | null {
    const ours = [...this.#files.values()].filter((file) => file.ours)
    if (ours.filter((file) => file.page === page).length >= mostOfPage)
      return `There are already ${mostOfPage} files waiting to be imported.`
    return ours.length >= mostInAll
      ? `There are already ${mostInAll} files of several pages waiting to be imported.`
      : null
  }

  async #refuseTooLarge(name: string, bytes: number): Promise<void> {
    if (bytes > (await this.#freeBytes())) await this.#discardWhere((file) => this.#abandoned(file))
    const free = await this.#freeBytes()
    if (bytes > free) throw diskFull(`${name} has ${formatBytes(bytes)}, but only ${formatBytes(free)} are free.`)
  }

  #abandoned(file: HeldFile): boolean {
    return file.ours && file.page !== null && this.pages.goneFor(file.page) > 0
  }

  /** Discards files that are not in use. */
  async #discardWhere(ends: (file: HeldFile) => boolean): Promise<void> {
    for (const [handle, file] of [...this.#files]) if (file.uses === 0 && ends(file)) await this.discard(handle)
  }

  #use(file: HeldFile): void {
    file.uses++
    file.usedAt = this.#now()
  }

  async #release(file: HeldFile): Promise<void> {
    if (file.uses === 0) return
    file.uses--
    file.usedAt = this.#now()
    if (file.uses > 0 || !file.ours || !(file.discarded || file.once)) return
    for (const [handle, held] of this.#files) if (held === file) this.#files.delete(handle)
    this.#leaving.delete(file)
    await rm(file.path, { force: true })
  }

  #madeFolder(): string {
    if (this.#folder === null || !existsSync(this.#folder)) this.#folder = makeTemporaryFolder(uploadsOf(this.#library))
    return this.#folder
  }

  async #freeBytes(): Promise<number> {
    const disk = await statfs(this.#madeFolder())
    return disk.bavail * disk.bsize
  }

  #newFile(): readonly [FileHandle, string] {
    const handle = fileHandle.parse(randomUUID())
    return [handle, join(this.#madeFolder(), handle)]
  }

  #held(path: string, name: string, given: Pick<HeldFile, 'bytes'> & Partial<HeldFile>): HeldFile {
    const fresh = { received: 0, ours: true, page: null, once: false, receiving: false, uses: 0, discarded: false }
    return { path, name, ...fresh, usedAt: this.#now(), ...given }
  }

  #find(handle: FileHandle): HeldFile {
    const file = this.#files.get(handle)
    if (file) return file
    throw noLongerThere()
  }
}

const noLongerThere = (): StudioError => notFound('This file no longer exists.', 'Choose the file again.')

/** One write may take less than all bytes, for example on a nearly full disk. */
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
