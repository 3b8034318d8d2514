import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cp, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cancelled, StudioError, toErrorShape } from '../../shared/errors'
import { formatBytes } from '../../shared/format'
import { lockCudaBuild } from '../devices/lock'
import {
  bindingFile,
  missingFiles,
  partialFolder,
  recordFile,
  runtimeFolder,
  selectRuntime,
  wheelsIn,
  type UnpackedWheels,
} from '../devices/runtimes'
import type { JobContext } from '../numeric/job-context'
import { downloadWheel, findPython } from './pip'
import type { CudaPins, PinnedWheel } from './pins'
import { unpackWheel } from './unpack-wheel'

/** Disk space left free in addition to the build: for the binding, the kernels, and other programs. */
const margin = 256 * 2 ** 20

export interface Installed<Trial> {
  readonly downloadedBytes: number
  readonly installedBytes: number
  readonly trial: Trial
}

/**
 * Sets up the CUDA build beside the CPU build, and switches to it after it was tried.
 *
 * Wheel by wheel: downloads, checks against the pinned SHA-256, unpacks and records each. A recorded wheel is not downloaded again, so a set-up that
 * was cancelled, killed or interrupted continues where it stopped; for a build with missing files, only the wheels with these are downloaded again. All of it happens
 * in a separate folder, which is renamed when it is complete; one write then selects it.
 *
 * @param tryOut loads the build from a folder; throws if it does not run
 * @returns bytes downloaded and on disk. Throws DISK_FULL before the first download, CONFLICT while another process sets it up, DAMAGED_FILE if a
 * wheel is not the pinned one, BACKEND_UNAVAILABLE if a wheel is not available, CANCELLED
 */
export async function installCuda<Trial>(
  pins: CudaPins,
  context: JobContext,
  tryOut: (folder: string) => Promise<Trial>,
): Promise<Installed<Trial>> {
  requireProcessorBuild()
  const release = lockCudaBuild()
  try {
    const folder = takeUp(pins)
    const there = wholeWheels(folder)
    const lacking = pins.wheels.filter(({ sha256 }) => !(sha256 in there))
    await requireDisk(folder, lacking, pins.title)
    await fetchWheels(pins, lacking, there, folder, context)
    context.progress({ stage: 'Trying it out', done: 0, total: null, unit: 'steps' })
    await shareBinding(folder)
    stopIfAsked(context.signal)
    const trial = await tryOut(folder)
    stopIfAsked(context.signal)
    if (folder !== runtimeFolder('cuda12')) renameSync(folder, runtimeFolder('cuda12'))
    selectRuntime('cuda12')
    const sizes = Object.values(there).flatMap((files) => Object.values(files))
    return {
      downloadedBytes: lacking.reduce((sum, { bytes }) => sum + bytes, 0),
      installedBytes: sizes.reduce((sum, size) => sum + size, 0),
      trial,
    }
  } catch (error) {
    throw inWords(error)
  } finally {
    release()
  }
}

function stopIfAsked({ aborted }: AbortSignal): void {
  if (aborted) throw cancelled('The set-up')
}

/** The binding and our kernels are the same for both builds, and are compiled against the CPU build. */
function requireProcessorBuild(): void {
  if (existsSync(bindingFile(runtimeFolder('cpu')))) return
  throw new StudioError({
    code: 'BACKEND_UNAVAILABLE',
    message: 'Native TensorFlow is not set up yet, and the CUDA build needs it.',
    next: 'Run `npm start` or `npm run vasp -- setup` in the VASP Studio folder, then set up CUDA again.',
  })
}

/**
 * The working folder, with the files that it already has: a complete build stays in place, so that trying it again risks nothing; one with missing
 * files, or of other pins, is treated like an interrupted set-up.
 */
function takeUp({ wheels }: CudaPins): string {
  const finished = runtimeFolder('cuda12')
  const whole = wholeWheels(finished)
  if (wheels.every(({ sha256 }) => sha256 in whole)) return finished
  const folder = partialFolder()
  if (existsSync(finished)) {
    rmSync(folder, { recursive: true, force: true })
    renameSync(finished, folder)
  }
  mkdirSync(folder, { recursive: true })
  return folder
}

const wholeWheels = (folder: string): UnpackedWheels =>
  Object.fromEntries(Object.entries(wheelsIn(folder)).filter(([, files]) => missingFiles(folder, files).length === 0))

/** Wheels are processed one after the other, so that only the largest needs space in addition to the unpacked files. */
async function requireDisk(folder: string, lacking: readonly PinnedWheel[], title: string): Promise<void> {
  if (lacking.length === 0) return
  const unpacked = lacking.reduce((sum, { unpacked: bytes }) => sum + bytes, 0)
  const need = unpacked + Math.max(...lacking.map(({ bytes }) => bytes)) + margin
  const disk = await statfs(folder)
  const free = disk.bavail * disk.bsize
  if (free >= need) return
  throw new StudioError({
    code: 'DISK_FULL',
    message: `TensorFlow for ${title} needs ${formatBytes(need)} on the disk of ${runtimeFolder('cuda12')}, but only ${formatBytes(free)} are free.`,
    next: `Free ${formatBytes(need - free)} there, then start the set-up again.`,
  })
}

async function fetchWheels(
  pins: CudaPins,
  lacking: readonly PinnedWheel[],
  there: UnpackedWheels,
  folder: string,
  context: JobContext,
): Promise<void> {
  if (lacking.length === 0) return
  const total = lacking.reduce((sum, { bytes }) => sum + bytes, 0)
  let before = 0
  const tell = (bytes: number): void =>
    context.progress({ stage: `Downloading TensorFlow for ${pins.title}`, done: before + bytes, total, unit: 'bytes' })
  tell(0)
  const python = await findPython(context.signal)
  const work = join(folder, 'download')
  try {
    for (const wheel of lacking) {
      const file = await downloadWheel(python, pins, wheel, work, tell, context.signal)
      await requirePinned(file, wheel, context.signal)
      const files = await unpackWheel(file, folder, context.signal)
      rmSync(work, { recursive: true })
      there[wheel.sha256] = files
      record(folder, there)
      before += wheel.bytes
      tell(0)
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function requirePinned(file: string, { package: name, sha256 }: PinnedWheel, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash, { signal })
  if (hash.digest('hex') === sha256) return
  throw new StudioError({
    code: 'DAMAGED_FILE',
    message: `${name} is not the expected file: its SHA-256 differs. It was not used.`,
    next: 'Start the set-up again. If this happens again, something between this machine and the package index changes files.',
  })
}

/** Renamed into place, so that it never lists a missing wheel. */
function record(folder: string, wheels: UnpackedWheels): void {
  const temporary = `${recordFile(folder)}.new`
  writeFileSync(temporary, JSON.stringify(wheels))
  renameSync(temporary, recordFile(folder))
}

/** Copies the compiled binding and our kernels beside the libraries, where they search for these. */
async function shareBinding(folder: string): Promise<void> {
  const own = runtimeFolder('cpu')
  const options = { recursive: true, preserveTimestamps: true } as const
  await cp(bindingFile(own), bindingFile(folder), options)
  if (existsSync(join(own, 'kernels'))) await cp(join(own, 'kernels'), join(folder, 'kernels'), options)
}

function inWords(error: unknown): unknown {
  if (error instanceof Error && error.name === 'AbortError') return cancelled('The set-up')
  const shape = toErrorShape(error)
  if (error instanceof StudioError || shape.code !== 'DISK_FULL') return error
  return new StudioError(
    { ...shape, next: 'Free some space and start the set-up again; it continues where it stopped.' },
    { cause: error },
  )
}
