import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import pins from '../../resources/native-runtime.json'
import { accelerator } from '../../src/shared/devices'
import { removeCuda } from '../../src/main/devices/remove-cuda'
import { bindingFile, partialFolder, runtimeFolder } from '../../src/main/devices/runtimes'
import { installCuda } from '../../src/main/provisioning/install-cuda'
import type { CudaPins } from '../../src/main/provisioning/pins'
import { writeWheel } from '../fixtures/fake-wheels'
import { outputMatching, ended, newDesk, type Desk } from './vasp.fixture'

let folder = ''
let index = ''
let cache = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-cuda-'))
  index = join(folder, 'index')
  cache = join(folder, 'cache')
  vi.stubEnv('VASP_CACHE', cache)
  // pip's own settings: a folder of wheels is all that it may ask.
  vi.stubEnv('PIP_NO_INDEX', '1')
  vi.stubEnv('PIP_FIND_LINKS', index)
  haveProcessorBuild()
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** The CPU build, as far as the other one needs it. */
function haveProcessorBuild(): void {
  mkdirSync(join(runtimeFolder('cpu'), 'kernels'), { recursive: true })
  mkdirSync(dirname(bindingFile(runtimeFolder('cpu'))), { recursive: true })
  writeFileSync(bindingFile(runtimeFolder('cpu')), 'the binding')
  writeFileSync(join(runtimeFolder('cpu'), 'kernels/k.node'), 'the kernels')
}

function threeWheels(): CudaPins {
  const wheels = [
    writeWheel(index, 'fake-tensorflow', '2.0', {
      'tensorflow/libtensorflow_cc.so.2': 'library',
      'tensorflow/include/tensorflow/c/c_api.h': 'header',
      'tensorflow/python/a.py': 'python',
    }),
    writeWheel(index, 'fake-cudnn-cu12', '9.1', {
      'nvidia/cudnn/lib/libcudnn.so.9': 'dnn',
      'nvidia/cudnn/include/c.h': 'h',
    }),
    writeWheel(index, 'fake-nvcc-cu12', '12.9', { 'bin:nvidia/cuda_nvcc/bin/ptxas': '#!/bin/sh\n' }),
  ]
  return { title: 'CUDA 12', pipPython: '3.11', pipPlatforms: ['manylinux_2_27_x86_64'], wheels }
}

/** Removes a wheel from the index, so that its next download fails. */
const removeWheel = (pinned: CudaPins, at: number): void => rmSync(join(index, pinned.wheels[at]?.wheel ?? ''))

interface Tried {
  readonly folders: string[]
  readonly progress: { done: number; total: number | null }[]
}

async function install(pinned: CudaPins, options: { signal?: AbortSignal; broken?: boolean } = {}): Promise<Tried> {
  const tried: Tried = { folders: [], progress: [] }
  await installCuda(
    pinned,
    {
      signal: options.signal ?? new AbortController().signal,
      progress: ({ stage, done, total }) => {
        if (stage.startsWith('Downloading')) tried.progress.push({ done, total })
      },
    },
    (where) => {
      tried.folders.push(where)
      if (options.broken) throw new Error('no AVX')
      return Promise.resolve()
    },
  )
  return tried
}

const selected = (): unknown =>
  existsSync(join(cache, 'machine.json')) ? JSON.parse(readFileSync(join(cache, 'machine.json'), 'utf8')) : null
const cuda = (name: string): string => join(runtimeFolder('cuda12'), name)

describe('setting up the CUDA build', () => {
  it('takes the libraries out of checked wheels, tries them and switches', async () => {
    const pinned = threeWheels()
    const { folders, progress } = await install(pinned)
    expect(folders).toEqual([partialFolder()])
    expect(selected()).toEqual({ runtime: 'cuda12' })
    expect(readFileSync(cuda('tensorflow/libtensorflow_cc.so.2'), 'utf8')).toBe('library')
    expect(readFileSync(cuda('tensorflow/tfjs_binding.node'), 'utf8')).toBe('the binding')
    expect(readFileSync(cuda('kernels/k.node'), 'utf8')).toBe('the kernels')
    expect(statSync(cuda('nvidia/cuda_nvcc/bin/ptxas')).mode & 0o777).toBe(0o755)
    expect(existsSync(cuda('fake_cudnn_cu12-9.1.dist-info/License.txt'))).toBe(true)
    for (const left of ['tensorflow/include', 'tensorflow/python', 'nvidia/cudnn/include', 'download'])
      expect(existsSync(cuda(left)), left).toBe(false)
    expect(existsSync(partialFolder())).toBe(false)
    const total = pinned.wheels.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(progress[0]).toEqual({ done: 0, total })
    expect(progress.at(-1)).toEqual({ done: total, total })
  })

  it('continues where it stopped, and downloads nothing twice', async () => {
    const pinned = threeWheels()
    const [, second] = pinned.wheels
    const bytes = readFileSync(join(index, second?.wheel ?? ''))
    removeWheel(pinned, 1)
    await expect(install(pinned)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('fake-cudnn-cu12 9.1 could not be downloaded') as string,
      next: expect.stringContaining('continues where it stopped') as string,
    })
    expect(selected()).toBeNull()
    removeWheel(pinned, 0)
    writeFileSync(join(index, second?.wheel ?? ''), bytes)
    await install(pinned)
    expect(readFileSync(cuda('tensorflow/libtensorflow_cc.so.2'), 'utf8')).toBe('library')
    expect(selected()).toEqual({ runtime: 'cuda12' })
  })

  it('uses no wheel but the pinned one', async () => {
    const pinned = threeWheels()
    writeWheel(index, 'fake-cudnn-cu12', '9.1', { 'nvidia/cudnn/lib/libcudnn.so.9': 'another' })
    await expect(install(pinned)).rejects.toMatchObject({
      code: 'DAMAGED_FILE',
      message: expect.stringContaining('fake-cudnn-cu12 is not the expected file') as string,
    })
    expect(existsSync(join(partialFolder(), 'nvidia'))).toBe(false)
    expect(selected()).toBeNull()
  })

  it('keeps the CPU build if the other one does not run; the next attempt downloads nothing', async () => {
    const pinned = threeWheels()
    await expect(install(pinned, { broken: true })).rejects.toThrow('no AVX')
    expect(selected()).toBeNull()
    for (const at of [0, 1, 2]) removeWheel(pinned, at)
    await install(pinned)
    expect(selected()).toEqual({ runtime: 'cuda12' })
    // Once it is complete, it is tried again in place.
    expect((await install(pinned)).folders).toEqual([runtimeFolder('cuda12')])
  })

  it('fetches the wheel of a lost library again, and no other', async () => {
    const pinned = threeWheels()
    await install(pinned)
    rmSync(cuda('nvidia/cudnn/lib/libcudnn.so.9'))
    removeWheel(pinned, 0)
    removeWheel(pinned, 2)
    await install(pinned)
    expect(readFileSync(cuda('nvidia/cudnn/lib/libcudnn.so.9'), 'utf8')).toBe('dnn')
  })

  it('stops at once when it is cancelled, and pip with it', async () => {
    const pinned = threeWheels()
    const note = join(folder, 'pip.pid')
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    const hanging = `#!/bin/sh\ncase "$*" in *download*) echo $$ > ${note}; exec sleep 600;; esac\n`
    writeFileSync(join(bin, 'python3'), hanging, { mode: 0o755 })
    vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`)
    const cancel = new AbortController()
    const installing = install(pinned, { signal: cancel.signal })
    const outcome = expect(installing).rejects.toMatchObject({ code: 'CANCELLED' })
    while (!existsSync(note) || readFileSync(note, 'utf8') === '') await wait(20)
    cancel.abort()
    await outcome
    expect(() => process.kill(Number(readFileSync(note, 'utf8')), 0)).toThrow('ESRCH')
    expect(readdirSync(partialFolder())).toEqual([])
    expect(readdirSync(join(cache, 'locks'))).toEqual([])
  })

  it('takes over from one that was killed, and waits for none that lives', async () => {
    const pinned = threeWheels()
    mkdirSync(join(cache, 'locks'))
    const lock = join(cache, 'locks/cuda')
    writeFileSync(lock, String(process.ppid))
    await expect(install(pinned)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(removeCuda()).rejects.toMatchObject({ code: 'CONFLICT' })
    writeFileSync(lock, String(spawnSync('true').pid))
    mkdirSync(join(partialFolder(), 'download/half'), { recursive: true })
    await install(pinned)
    expect(existsSync(cuda('download'))).toBe(false)
  })

  it('is refused without the CPU build, and without Python', async () => {
    const pinned = threeWheels()
    vi.stubEnv('PATH', folder)
    await expect(install(pinned)).rejects.toThrow('Python 3 with pip was not found')
    rmSync(runtimeFolder('cpu'), { recursive: true })
    await expect(install(pinned)).rejects.toMatchObject({ next: expect.stringContaining('npm start') as string })
  })

  it('is removed, and the freed bytes are reported', async () => {
    expect(await removeCuda()).toBe(0)
    await install(threeWheels())
    const bytes = await removeCuda()
    expect(bytes).toBeGreaterThan('librarydnnthe bindingthe kernels'.length)
    expect(existsSync(runtimeFolder('cuda12'))).toBe(false)
  })
})

const canMount = process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0

describe.skipIf(!canMount)('on a disk that is too small', () => {
  afterEach(() => spawnSync('umount', [cache]))

  it('nothing is fetched', async (context) => {
    rmSync(cache, { recursive: true })
    mkdirSync(cache)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', cache], { stdio: 'ignore' })
    } catch {
      context.skip('mounting is not allowed here')
    }
    haveProcessorBuild()
    await expect(install(threeWheels())).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/^TensorFlow for CUDA 12 needs 256 MiB .* are free\.$/) as string,
      next: expect.stringMatching(/^Free 25\d MiB there/) as string,
    })
    expect(readdirSync(partialFolder())).toEqual([])
  })
})

const setUp = z.object({ setup: z.unknown(), freedBytes: z.number().nullable(), accelerator })

describe('vasp setup', () => {
  let desk: Desk
  beforeEach(() => {
    desk = newDesk()
  })
  afterEach(() => desk.remove())

  it('reports the state, and goes back', async () => {
    const { accelerator: now } = await desk.json(setUp, 'setup')
    const total = pins.cuda.wheels.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(now.cuda).toMatchObject({ offered: true, installed: false, selected: false, downloadBytes: total })
    const back = await desk.json(setUp, 'setup', '--cpu', '--remove')
    expect(back).toMatchObject({ setup: null, freedBytes: 0 })
    expect(await desk.failure('setup', '--cuda', '--cpu')).toMatchObject({ code: 'BAD_INPUT', exit: 2 })
    expect(await desk.failure('setup', '--remove')).toMatchObject({ code: 'BAD_INPUT', exit: 2 })
    expect((await desk.json(setUp, 'setup', '--device', 'cpu')).accelerator).toMatchObject({
      device: 'cpu',
      deviceFrom: 'remembered',
    })
  })

  it('ends with the reason if a wheel is not available, or is a different one', async () => {
    mkdirSync(index)
    expect(await desk.failure('setup', '--cuda')).toMatchObject({
      exit: 1,
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('tensorflow 2.21.0 could not be downloaded') as string,
    })
    const name = pins.cuda.wheels[0]?.wheel.replace('.whl', '')
    writeWheel(index, 'tensorflow', pins.tensorflow.version, { 'tensorflow/libtensorflow_cc.so.2': 'evil' }, name)
    expect(await desk.failure('setup', '--cuda')).toMatchObject({
      code: 'DAMAGED_FILE',
      message: 'tensorflow is not the expected file: its SHA-256 differs. It was not used.',
    })
    expect(selected()).toBeNull()
  })

  it('stops at Ctrl-C with the CPU build in use', async () => {
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'python3'), '#!/bin/sh\ncase "$*" in *download*) exec sleep 600;; esac\n', { mode: 0o755 })
    vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`)
    const running = desk.start('setup', '--cuda')
    const end = ended(running)
    await outputMatching(running, 'stderr', /Downloading TensorFlow for CUDA 12/)
    running.kill('SIGINT')
    const { code, stderr } = await end
    expect(code).toBe(130)
    expect(stderr).toContain('The set-up was cancelled.')
    expect((await desk.json(setUp, 'setup')).accelerator.cuda).toMatchObject({ installed: false, selected: false })
  })
})
