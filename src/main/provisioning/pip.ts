import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cancelled, StudioError } from '../../shared/errors'
import type { CudaPins, PinnedWheel } from './pins'

/** How often the size of the growing file is read, in milliseconds. */
const interval = 250
const keptOutput = 20_000

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs a program to its end; it is killed if `signal` is aborted, and with this process. Never throws for errors of the program. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' })
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-keptOutput)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const finish = (code: number | null): void => {
      process.off('exit', end)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += error.message
      if (child.pid === undefined) finish(null)
    })
    child.on('close', finish)
  })
}

/** The program name of a Python with pip. Throws BACKEND_UNAVAILABLE if there is none. */
export async function findPython(signal: AbortSignal): Promise<string> {
  for (const program of ['python3', 'python']) {
    const { code } = await run(program, ['-m', 'pip', '--version'], process.env, signal)
    if (signal.aborted) throw cancelled('The set-up')
    if (code === 0) return program
  }
  throw new StudioError({
    code: 'BACKEND_UNAVAILABLE',
    message: 'Python 3 with pip was not found; it is needed to download the CUDA build.',
    next: 'Install it (Debian: apt-get install python3-pip) and start the set-up again.',
  })
}

/**
 * Downloads one wheel with pip, which knows the package index, mirror, proxy and certificates that this machine uses.
 *
 * @param folder for pip's own temporary files; it is emptied first @param progress called with the downloaded bytes
 * @returns path of the wheel below `folder`. Throws BACKEND_UNAVAILABLE if it is not available, DISK_FULL
 */
export async function downloadWheel(
  python: string,
  pins: CudaPins,
  wheel: PinnedWheel,
  folder: string,
  progress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  const target = join(folder, 'wheel')
  mkdirSync(target, { recursive: true })
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir']
  args.push('--disable-pip-version-check', '--progress-bar', 'off', '--retries', '4', '--timeout', '30')
  args.push('--implementation', 'cp', '--python-version', pins.pipPython)
  for (const platform of pins.pipPlatforms) args.push('--platform', platform)
  args.push('--dest', target, `${wheel.package}==${wheel.version}`)
  // pip writes into its temporary folder until a file is complete, so its size there shows the progress.
  const timer = setInterval(() => progress(Math.min(wheel.bytes, largestFile(folder))), interval)
  try {
    const { code, output } = await run(python, args, { ...process.env, TMPDIR: folder }, signal)
    if (signal.aborted) throw cancelled('The set-up')
    const file = join(target, wheel.wheel)
    if (code === 0 && statSync(file, { throwIfNoEntry: false })) return file
    throw downloadFailed(wheel, code === 0 ? `pip fetched ${readdirSync(target).join(', ')} instead` : lastLine(output))
  } finally {
    clearInterval(timer)
  }
}

/** Bytes of the largest file below a folder: the wheel that is being downloaded. */
function largestFile(folder: string): number {
  let largest = 0
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const entry = statSync(join(folder, name), { throwIfNoEntry: false })
      if (entry?.isFile()) largest = Math.max(largest, entry.size)
    }
  } catch {
    // pip moves files while they are listed; the next reading finds them.
  }
  return largest
}

const lastLine = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\[?notice|^WARNING/i.test(line))
    .at(-1) ?? 'pip said nothing'

function downloadFailed({ package: name, version }: PinnedWheel, words: string): StudioError {
  if (/No space left|Errno 28/.test(words))
    return new StudioError({
      code: 'DISK_FULL',
      message: `The disk is full: ${name} ${version} could not be downloaded.`,
      next: 'Free some space and start the set-up again; it continues where it stopped.',
    })
  return new StudioError({
    code: 'BACKEND_UNAVAILABLE',
    message: `${name} ${version} could not be downloaded (${words}).`,
    next: 'Check the network connection and start the set-up again; it continues where it stopped.',
  })
}
