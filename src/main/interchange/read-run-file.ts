import { createHash, randomUUID, type Hash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { rejectedRow, type Dataset } from '../../shared/datasets'
import { badInput, notFound, StudioError } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import type { ImportedRun } from '../../shared/portable-runs'
import { WholeFile } from '../compute/whole-file'
import { withZip, type ZipEntry } from '../importing/archives/zip'
import type { NamedFile } from '../importing/source-file'
import type { JobContext } from '../numeric/job-context'
import { firstIssue } from '../store/explained'
import type { DatasetWriter, Store, StoredItem } from '../store/store'
import {
  catalogue,
  entryNames,
  formatVersion,
  historyLine,
  itemLine,
  manifest as manifestSchema,
  portableDataset,
  portableRun,
  type EntryName,
  type Manifest,
  type PortableRun,
} from './run-file'
import { splitOfArrays, usersOfArrays } from './stored-arrays'
import { arraysFromBytes, type Arrays } from './tensor-arrays'

/** What is read into memory as a whole has at most this many bytes. */
const largestWhole = 1024 ** 3
/** Lines that are stored at once. */
const linesAtOnce = 1000
const longestName = 120

/** Throws BAD_INPUT for a model or settings that this version cannot read. */
type CheckModel = (run: Pick<PortableRun, 'model' | 'config' | 'members'>) => void

/**
 * Stores the run of a file, and with it the file's data set unless the library has one with the same content. Nothing is visible before the last
 * transaction, and nothing stays if it fails or the process is killed.
 *
 * @throws StudioError BAD_INPUT for another kind of file or a newer format; DAMAGED_FILE naming the entry; CONFLICT if the library has the run; NOT_FOUND
 *   if neither file nor library has the data
 */
export function importRun(
  store: Store,
  file: NamedFile,
  checkModel: CheckModel,
  context: JobContext,
): Promise<ImportedRun> {
  return withZip(file, async (zipped) => {
    const archive = new Archive(file, zipped, await manifestOf(file, zipped))
    const run = await archive.json(entryNames.run, portableRun)
    checkModel(run)
    refuseKnown(store, archive, run)
    const items = await archive.json(entryNames.catalogue, catalogue)
    const there = sameData(store, archive.manifest)
    if (!there && !archive.has(entryNames.dataset)) throw withoutData(file, run, archive.manifest)
    const writer = there ? null : await newDataset(store, archive, context)
    const weights = join('weights', `imported-${randomUUID().replaceAll('-', '').slice(0, 16)}.safetensors`)
    try {
      store.pendingFiles.begin(weights)
      const { sha256, bytes } = await archive.copyTo(
        entryNames.weights,
        await WholeFile.begin(join(store.library, weights)),
        context,
      )
      const split = await archive.arrays(entryNames.split)
      const perUser = await archive.arrays(entryNames.perUser)
      const splitText = run.split.file ? (await archive.whole(entryNames.splitFile)).toString('utf8') : null
      context.signal.throwIfAborted()
      return store.transaction(() => {
        refuseKnown(store, archive, run)
        const dataset = writer ? writer.finish() : there!
        const stored = archive.checked(entryNames.split, () => splitOfArrays(split, dataset))
        requireSameItems(store, archive, dataset, stored.catalogue, items)
        if (run.split.file && splitText !== null) store.splitFiles.save(run.split.file.sha256, splitText)
        const { id } = store.runs.create({ ...run, dataset: dataset.id })
        if (run.environment) store.runs.started(id, run.environment)
        if (run.estimatedBytes !== null) store.runs.saveEstimate(id, run.estimatedBytes)
        if (run.splitSummary) store.runs.saveSplit(id, stored, run.splitSummary)
        for (const point of run.epochs) store.runs.addEpoch(id, point)
        store.runs.saveCheckpoint(id, { path: weights, sha256, bytes, epoch: run.bestEpoch })
        const users = { validation: stored.validationUsers.length, test: stored.testUsers.length }
        for (const [set, name, values] of usersOfArrays(perUser)) {
          if (values.length !== users[set])
            throw archive.damaged(entryNames.perUser, `${set}/${name} is not one value per user`)
          store.runs.saveUserMetric(id, set, name, values)
        }
        store.runs.finish(id, figuresOf(archive, run))
        const from = { at: new Date().toISOString(), file: file.name, run: run.id }
        store.runs.saveImported(id, from, { ...run, continued: run.continued.map(({ from: _, ...time }) => time) })
        return { run: id, dataset: dataset.id, datasetName: dataset.name, madeDataset: writer !== null }
      })
    } catch (error) {
      writer?.abandon()
      // Its owner is this process, which lives on.
      store.pendingFiles.done(weights)
      store.pendingFiles.discard(weights)
      store.pendingFiles.removeLeft()
      throw error
    }
  })
}

/** The figures of a finished run. */
function figuresOf(archive: Archive, run: PortableRun): Parameters<Store['runs']['finish']>[1] {
  const { bestEpoch, validation, test, segments, seconds, rowsPerSecond, peakBytes, parameters } = run
  if (!validation || !test || seconds === null || rowsPerSecond === null || peakBytes === null || parameters === null)
    throw archive.damaged(entryNames.run, 'it does not have the figures of a finished run')
  const { stoppedEarly } = run
  return { bestEpoch, validation, test, segments, seconds, rowsPerSecond, peakBytes, parameters, stoppedEarly }
}

/** The library's data set with the content that the run was trained on; of several, that of the same name. */
function sameData(store: Store, { dataset: { fingerprint, name } }: Manifest): Dataset | null {
  const same = store.datasets.list().filter((one) => fingerprint !== '' && one.fingerprint === fingerprint)
  return same.find((one) => one.name === name) ?? same[0] ?? null
}

function refuseKnown(store: Store, archive: Archive, run: PortableRun): void {
  const known = store.runs.withWeights(archive.entry(entryNames.weights).sha256, run.createdAt)
  if (known === null) return
  throw new StudioError({
    code: 'CONFLICT',
    message: `The run of ${archive.file.name} is already in this library: it is run ${known} (${store.runs.get(known).name}).`,
    next: 'Open that run, or delete it first.',
  })
}

/** The model's indexes must mean the same items here. */
function requireSameItems(
  { datasets }: Store,
  archive: Archive,
  dataset: Dataset,
  positions: Int32Array,
  items: z.infer<typeof catalogue>,
): void {
  const known = datasets.items(dataset.id)
  const same =
    positions.length === items.length && items.every(([id], at) => known[positions[at] ?? -1]?.externalId === id)
  if (!same) throw archive.damaged(entryNames.catalogue, `its items are not those of “${dataset.name}”`)
}

/** Writes the file's data set, invisibly; `finish` makes it visible and must be called within the last transaction. */
async function newDataset(
  store: Store,
  archive: Archive,
  context: JobContext,
): Promise<{ finish(): Dataset; abandon(): void }> {
  const { dataset } = archive.manifest
  const { source, importSettings, duplicates } = await archive.json(entryNames.dataset, portableDataset)
  const writer = store.datasets.write({ name: freeName(store, dataset.name), source, importSettings })
  try {
    let index = 0
    await archive.lines(entryNames.items, itemLine, context, (lines) =>
      writer.addItems(
        lines.map(({ id, title, genres, attributes }): StoredItem => ({
          index: index++,
          externalId: id,
          title,
          genres,
          ...(attributes && { attributes }),
        })),
      ),
    )
    let user = 0
    await archive.lines(entryNames.histories, historyLine, context, (lines) =>
      addHistories(archive, writer, lines, index, () => user++),
    )
    let rejected = 0
    await archive.lines(entryNames.rejects, rejectedRow, context, (rows) => {
      writer.addRejects(rows)
      rejected += rows.length
    })
    writer.countItems?.()
    return {
      // Titles may have been joined since the import, which the fingerprint does not show; the entries have hashes of their own.
      finish: () => writer.finish({ rejected, duplicates, fingerprint: dataset.fingerprint }),
      abandon: () => writer.abandon(),
    }
  } catch (error) {
    writer.abandon()
    throw error
  }
}

function addHistories(
  archive: Archive,
  writer: DatasetWriter,
  lines: readonly z.infer<typeof historyLine>[],
  items: number,
  next: () => number,
): void {
  for (const line of lines) {
    const alike = [line.ratings, line.times].every((values) => values === null || values.length === line.items.length)
    if (!alike || line.items.some((item) => item >= items))
      throw archive.damaged(entryNames.histories, `the history of user ${line.user} is inconsistent`)
  }
  writer.addHistories(
    lines.map(({ user, items: of, ratings, times }) => ({
      user: next(),
      externalId: user,
      items: Int32Array.from(of),
      ratings: ratings && Float32Array.from(ratings),
      times: times && Float64Array.from(times),
    })),
  )
}

/** The name, or with a number if it is taken: the data set of that name has other content. */
function freeName({ datasets }: Store, name: string): string {
  for (let n = 1; ; n++) {
    const end = n === 1 ? '' : n === 2 ? ' (imported)' : ` (imported ${n - 1})`
    const candidate = `${name.slice(0, longestName - end.length)}${end}`
    if (!datasets.findByName(candidate)) return candidate
  }
}

async function manifestOf(file: NamedFile, zipped: readonly ZipEntry[]): Promise<Manifest> {
  const entry = zipped.find(({ name }) => name === entryNames.manifest)
  const parsed = entry && versioned.safeParse(jsonOrUndefined(await bytesOf(entry, 64 * 1024 ** 2)))
  if (!parsed?.success)
    throw badInput(
      `${file.name} is not the file of a run: it has no manifest of one.`,
      'Choose a file that was written by “vasp run export”.',
    )
  const { version } = parsed.data
  if (version > formatVersion)
    throw badInput(
      `${file.name} was written by a newer version of VASP Studio: its format is ${version}, and this version reads ${formatVersion}.`,
      'Update VASP Studio, then import it again.',
    )
  const whole = manifestSchema.safeParse(parsed.data)
  if (whole.success) return whole.data
  throw damagedEntry(file, entryNames.manifest, `it does not describe the file (${firstIssue(whole.error)})`)
}

const versioned = z.looseObject({ format: z.literal('vasprun'), version: z.number().int().positive() })

function jsonOrUndefined(bytes: Buffer | null): unknown {
  try {
    return bytes === null ? undefined : JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The entry's bytes; null if it cannot be unpacked or has more than `limit` bytes. */
async function bytesOf(entry: ZipEntry, limit: number): Promise<Buffer | null> {
  if (entry.bytes > limit) return null
  const chunks: Buffer[] = []
  try {
    for await (const chunk of await entry.open()) chunks.push(chunk as Buffer)
  } catch {
    return null
  }
  return Buffer.concat(chunks)
}

/** The entries of a file, each checked against the size and SHA-256 in its manifest. */
class Archive {
  constructor(
    readonly file: NamedFile,
    private readonly zipped: readonly ZipEntry[],
    readonly manifest: Manifest,
  ) {}

  has(name: EntryName): boolean {
    return this.manifest.entries.some((entry) => entry.name === name)
  }

  entry(name: EntryName): Manifest['entries'][number] {
    const entry = this.manifest.entries.find((one) => one.name === name)
    if (!entry) throw this.damaged(name, 'the manifest does not name it')
    return entry
  }

  damaged(name: EntryName, how: string): StudioError {
    return damagedEntry(this.file, name, how)
  }

  /** What `work` returns; an error of it means that the entry is damaged. */
  checked<T>(name: EntryName, work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (error instanceof StudioError) throw error
      throw this.damaged(
        name,
        error instanceof z.ZodError
          ? `it has a value that it cannot have (${firstIssue(error)})`
          : error instanceof Error
            ? error.message
            : String(error),
      )
    }
  }

  async json<Schema extends z.ZodType>(name: EntryName, schema: Schema): Promise<z.output<Schema>> {
    const bytes = await this.whole(name)
    return this.checked(name, () => schema.parse(JSON.parse(bytes.toString('utf8'))))
  }

  async arrays(name: EntryName): Promise<Arrays> {
    const bytes = await this.whole(name)
    return this.checked(name, () => arraysFromBytes(bytes))
  }

  async whole(name: EntryName): Promise<Buffer> {
    if (this.entry(name).bytes > largestWhole) throw this.damaged(name, 'it is larger than any that VASP Studio writes')
    const chunks: Uint8Array[] = []
    for await (const chunk of this.#chunks(name)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  async copyTo(name: EntryName, target: WholeFile, context: JobContext): Promise<{ sha256: string; bytes: number }> {
    const { bytes: total } = this.entry(name)
    let done = 0
    try {
      for await (const chunk of this.#chunks(name)) {
        context.signal.throwIfAborted()
        await target.write(chunk)
        done += chunk.length
        context.progress({ stage: 'Copying the weights', done, total, unit: 'bytes' })
      }
      return await target.finish()
    } catch (error) {
      await target.abandon()
      throw error
    }
  }

  /** Passes the entry's lines to `use`, some at once. */
  async lines<Schema extends z.ZodType>(
    name: EntryName,
    schema: Schema,
    context: JobContext,
    use: (lines: z.output<Schema>[]) => void,
  ): Promise<void> {
    const { bytes: total } = this.entry(name)
    let waiting: string[] = []
    let [rest, done] = ['', 0]
    const flush = (): void => {
      const texts = waiting
      waiting = []
      use(this.checked(name, () => texts.map((text) => schema.parse(JSON.parse(text)))))
    }
    const decoder = new TextDecoder()
    for await (const chunk of this.#chunks(name)) {
      context.signal.throwIfAborted()
      done += chunk.length
      context.progress({ stage: 'Storing the data', done, total, unit: 'bytes' })
      // Only line feeds end lines: titles may contain the other line separators of Unicode.
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      waiting.push(...parts)
      if (waiting.length >= linesAtOnce) flush()
    }
    if (rest !== '') waiting.push(rest)
    flush()
  }

  async *#chunks(name: EntryName): AsyncGenerator<Uint8Array> {
    const expected = this.entry(name)
    const found = this.zipped.filter((entry) => entry.name === name)
    const [entry] = found
    if (!entry || found.length > 1) throw this.damaged(name, entry ? 'it is there twice' : 'it is missing')
    if (entry.bytes !== expected.bytes) throw this.damaged(name, 'its size is not that of the manifest')
    const hash = createHash('sha256')
    try {
      for await (const chunk of await entry.open()) {
        hash.update(chunk as Uint8Array)
        yield chunk as Uint8Array
      }
    } catch (error) {
      if (error instanceof StudioError || isOfSystem(error)) throw error
      throw this.damaged(name, 'it cannot be unpacked')
    }
    this.#requireHash(name, hash, expected.sha256)
  }

  #requireHash(name: EntryName, hash: Hash, expected: string): void {
    if (hash.digest('hex') !== expected) throw this.damaged(name, 'its SHA-256 is not that of the manifest')
  }
}

/** Whether an error is one of the file system rather than of what was read. */
const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error

const damagedEntry = (file: NamedFile, name: EntryName, how: string): StudioError =>
  new StudioError({
    code: 'DAMAGED_FILE',
    message: `${file.name} is damaged: ${name} cannot be used, because ${how}.`,
    next: 'Copy the file again, or export the run again. Nothing was imported.',
  })

const withoutData = (file: NamedFile, run: PortableRun, { dataset }: Manifest): StudioError =>
  notFound(
    `The run of ${file.name} (${run.name}) was trained on “${dataset.name}” with ${formatCount(dataset.users)} users and ${formatCount(dataset.items)} items (SHA-256 ${dataset.fingerprint.slice(0, 16)}…), which is not in this library, and the file does not have the data.`,
    'Import the same data first, as they were imported there, or export the run with its data (vasp run export --with-data).',
  )
