import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { StudioError } from '../../shared/errors'
import type { DatasetId, RunId } from '../../shared/ids'
import type { RunDetail } from '../../shared/runs'
import type { Store, StoredCheckpoint } from '../store/store'
import {
  entryNames,
  formatVersion,
  type historyLine,
  type itemLine,
  type EntryName,
  type Manifest,
  portableRun,
  type portableDataset,
} from './run-file'
import { arraysOfSplit, arraysOfUsers } from './stored-arrays'
import { arraysToBytes } from './tensor-arrays'
import type { z } from 'zod'

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/** Users or rejected rows that are read at once. */
const atOnce = 500

/**
 * A finished run as the bytes of one file, made while they are read: memory does not grow with weights or data. The stream fails if the weights are no
 * longer what was stored. Throws CONFLICT if the run has not finished, DAMAGED_FILE if its weights are missing.
 */
export function runFile(store: Store, id: RunId, { app, withData }: { app: string; withData: boolean }): Readable {
  const run = store.runs.get(id)
  const [split, checkpoint] = [store.runs.split(id), store.runs.checkpoint(id)]
  if (run.status.state !== 'finished') throw unfinished(run)
  if (!split || !checkpoint) throw withoutWeights(run)
  const weights = join(store.library, checkpoint.path)
  const size = statSync(weights, { throwIfNoEntry: false })?.size
  if (size === undefined) throw withoutWeights(run)
  const items = store.datasets.items(run.dataset)
  const { name, version, users, items: counted, interactions } = store.datasets.get(run.dataset)
  const dataset = { name, version, fingerprint: run.fingerprint, users, items: counted, interactions }

  const archive = new Archive(new Date(run.createdAt))
  archive.add(entryNames.run, () => [JSON.stringify(portableRun.parse(run), null, 2)])
  archive.add(entryNames.catalogue, () => [
    JSON.stringify(Array.from(split.catalogue, (item) => [items[item]?.externalId ?? '', items[item]?.title ?? ''])),
  ])
  archive.add(entryNames.split, () => [arraysToBytes(arraysOfSplit(split))])
  archive.add(entryNames.perUser, () => [arraysToBytes(arraysOfUsers(store, id))])
  const { file } = run.split
  if (file) archive.add(entryNames.splitFile, () => [store.splitFiles.text(file)])
  // Floating point numbers hardly shrink.
  archive.add(entryNames.weights, () => weightsOf(run, weights, checkpoint), { compress: false, size })
  if (withData) {
    archive.add(entryNames.dataset, () => [JSON.stringify(described(store, run.dataset), null, 2)])
    archive.add(entryNames.items, () => linesOfItems(items))
    archive.add(entryNames.histories, () => linesOfHistories(store, run.dataset))
    archive.add(entryNames.rejects, () => linesOfRejects(store, run.dataset))
  }
  return archive.end({ format: 'vasprun', version: formatVersion, app, dataset })
}

/** A ZIP archive that is written entry by entry, in order, and hashes what it writes. */
class Archive {
  readonly #zip = new ZipFile()
  readonly #entries: Manifest['entries'] = []
  readonly #made: Date
  #current: Readable | null = null

  constructor(made: Date) {
    this.#made = made
  }

  add(name: EntryName, pieces: () => Pieces, options: { compress?: boolean; size?: number } = {}): void {
    // Begun when its turn has come, so that at most one entry is open.
    this.#zip.addReadStreamLazy(name, { mtime: this.#made, mode: 0o100644, ...options }, (begin) => {
      this.#current = Readable.from(this.#hashed(name, pieces), { objectMode: false })
      // yazl does not listen for errors of such a stream.
      this.#current.on('error', (error) => this.#zip.emit('error', error))
      begin(null, this.#current)
    })
  }

  /** Adds the manifest. Returns the archive's bytes. */
  end(manifest: Omit<Manifest, 'entries'>): Readable {
    const text = (): string => JSON.stringify({ ...manifest, entries: this.#entries }, null, 2)
    this.#zip.addReadStreamLazy(entryNames.manifest, { mtime: this.#made, mode: 0o100644 }, (begin) =>
      begin(null, Readable.from([Buffer.from(text())])),
    )
    this.#zip.end()
    const output = this.#zip.outputStream
    if (!(output instanceof Readable)) throw new Error('yazl gives no stream of Node.')
    this.#zip.on('error', (error: Error) => output.destroy(error))
    // Whoever reads it may stop, or an entry may fail.
    output.once('close', () => this.#current?.destroy())
    return output
  }

  async *#hashed(name: EntryName, pieces: () => Pieces): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of pieces()) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
      hash.update(chunk)
      bytes += chunk.length
      if (chunk.length > 0) yield chunk
    }
    this.#entries.push({ name, bytes, sha256: hash.digest('hex') })
  }
}

/** The weights; fails at their end if they are not those that were stored. */
async function* weightsOf(run: RunDetail, file: string, { sha256 }: StoredCheckpoint): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Uint8Array)
    yield chunk as Uint8Array
  }
  if (hash.digest('hex') !== sha256) throw damagedWeights(run, 'have changed since they were stored')
}

const described = (store: Store, id: DatasetId): z.input<typeof portableDataset> => {
  const { source, rejected, duplicates } = store.datasets.detail(id)
  return { source, rejected, duplicates, importSettings: store.datasets.importSettings(id) }
}

type ItemLine = z.input<typeof itemLine>
type HistoryLine = z.input<typeof historyLine>

function* linesOfItems(items: ReturnType<Store['datasets']['items']>): Generator<string> {
  for (const { externalId, title, genres, attributes } of items) {
    const line: ItemLine = { id: externalId, title, genres: [...genres], ...(attributes && { attributes }) }
    yield `${JSON.stringify(line)}\n`
  }
}

/** JSON of numbers that reads back as the same: JSON.stringify writes −0 as 0. */
const numbersText = (values: Float32Array | Float64Array | null): string =>
  values === null ? 'null' : `[${Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value))).join()}]`

function* linesOfHistories({ datasets }: Store, id: DatasetId): Generator<string> {
  for (const page of datasets.historyPages(id, atOnce)) {
    let lines = ''
    for (const { externalId, items, ratings, times } of page) {
      const numbers: Record<keyof HistoryLine, string> = {
        user: JSON.stringify(externalId),
        items: `[${items.join()}]`,
        ratings: numbersText(ratings),
        times: numbersText(times),
      }
      lines += `{${Object.entries(numbers)
        .map(([key, text]) => `"${key}":${text}`)
        .join()}}\n`
    }
    yield lines
  }
}

function* linesOfRejects({ datasets }: Store, id: DatasetId): Generator<string> {
  for (let offset = 0; ; offset += atOnce) {
    const { rows } = datasets.rejects(id, offset, atOnce)
    yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    if (rows.length < atOnce) return
  }
}

const unfinished = ({ id, name, status: { state } }: RunDetail): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `Run ${id} (${name}) is ${state}; only a finished run can be written to a file.`,
    next: 'Wait until it has finished, or go on with it.',
  })

const damagedWeights = ({ id, name }: RunDetail, how: string): StudioError =>
  new StudioError({
    code: 'DAMAGED_FILE',
    message: `The weights of run ${id} (${name}) ${how}, so it cannot be written to a file.`,
    next: 'Put their file back from a copy of the library, or train the run again.',
  })

const withoutWeights = (run: RunDetail): StudioError => damagedWeights(run, 'are missing')
