import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import { dirname, sep } from 'node:path'
import type * as WasmBackend from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { StudioError } from '../../shared/errors'
import { gpuTitle, type Gpu } from '../../shared/devices'
import { backendName, type BackendName, type BackendState } from '../../shared/system'
import { prepareDevice } from '../devices/device-environment'
import { kernelsAbsent } from './native-kernels'
import { nativeBackend } from './native-ops'
import { cudaBuildRefused, loadNativeRuntime } from './native-runtime'
import { refuseWhenFull } from './wasm-memory'

// Not called `require`: the build adds one of that name to every module that seems to need it.
const loadPackage = createRequire(import.meta.url)

/** Of TensorFlow.js, whatever the backend. */
export const tfjsVersion: string = tf.version_core

export interface LoadedBackend {
  readonly name: BackendName
  readonly version: string
  readonly device: string
  readonly threads: number
}

const REINSTALL = 'Install the packages again: delete node_modules, then run `npm start`.'

interface Unavailable {
  readonly reason: string
  readonly fix: string
}

interface Candidate {
  readonly name: BackendName
  readonly title: string
  /** Registers the backend and makes it tfjs's current one, or returns the reason why it cannot. */
  load(): Promise<LoadedBackend | Unavailable>
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const processor = (): string => cpus()[0]?.model.trim() ?? 'processor'

let preparing: Promise<Gpu | null> | null = null

const tensorflow: Candidate = {
  name: 'tensorflow',
  title: 'Native TensorFlow',
  async load() {
    const gpu = await (preparing ??= prepareDevice())
    const runtime = loadNativeRuntime()
    if (!runtime.available) return { reason: runtime.reason, fix: runtime.fix }
    await tf.setBackend('tensorflow')
    return {
      name: 'tensorflow',
      version: runtime.version,
      device: nativeBackend()?.isUsingGpuDevice ? (gpu ? gpuTitle(gpu) : 'GPU') : processor(),
      threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    }
  },
}

let wasmIsGuarded = false

const wasm: Candidate = {
  name: 'wasm',
  title: 'WebAssembly',
  async load() {
    try {
      const main = loadPackage.resolve('@tensorflow/tfjs-backend-wasm')
      const backend = loadPackage(main) as typeof WasmBackend
      // In the packaged app the files are beside the archive, where the runtime can map them.
      const folder = dirname(main).replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
      backend.setWasmPaths(folder + sep)
      if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start')
      await tf.ready()
      if (!wasmIsGuarded) refuseWhenFull()
      wasmIsGuarded = true
      return { name: 'wasm', version: backend.version_wasm, device: processor(), threads: 1 }
    } catch (error) {
      return {
        reason: `WebAssembly could not be started: ${said(error)}`,
        fix: REINSTALL,
      }
    }
  },
}

const cpu: Candidate = {
  name: 'cpu',
  title: 'Plain JavaScript',
  async load() {
    loadPackage('@tensorflow/tfjs-backend-cpu')
    await tf.setBackend('cpu')
    await tf.ready()
    return { name: 'cpu', version: tf.version_core, device: processor(), threads: 1 }
  },
}

/** Best first. */
const candidates: readonly Candidate[] = [tensorflow, wasm, cpu]

function chosen(): readonly Candidate[] {
  const forced = process.env.VASP_BACKEND
  if (!forced) return candidates
  const name = backendName.safeParse(forced)
  const only = candidates.filter((candidate) => candidate.name === name.data)
  if (only.length > 0) return only
  throw new StudioError({
    code: 'BAD_INPUT',
    message: `VASP_BACKEND is “${forced}”, which is not a backend.`,
    next: `Set it to ${backendName.options.join(', ')}, or remove it.`,
  })
}

/** The limitation of an available backend. */
function remarks(name: BackendName): { reason: string; fix: string } {
  if (name === 'tensorflow' && nativeBackend()?.isUsingGpuDevice)
    return {
      reason: 'The fused training kernels run only on the processor; on the GPU, TensorFlow’s own ops are used.',
      fix: '',
    }
  if (name === 'tensorflow' && cudaBuildRefused() !== '')
    return {
      reason: `The GPU build is selected, but the CPU build is in use. ${cudaBuildRefused()}`,
      fix: 'Set it up again: `vasp setup --cpu --remove`, then `vasp setup --cuda`.',
    }
  const missing = name === 'tensorflow' ? kernelsAbsent() : ''
  if (missing === '') return { reason: '', fix: '' }
  return {
    reason: `The fused training kernels are not used: ${missing}. Training gives the same results, but is slower.`,
    fix: 'Run `npm run vasp -- setup` in the VASP Studio folder with g++ installed.',
  }
}

let loading: Promise<LoadedBackend> | null = null

async function loadFirst(): Promise<LoadedBackend> {
  // No advertisements on the console, and no scan of every result for NaN.
  tf.enableProdMode()
  // Registers the gradients, which tfjs-core ships as a module that Node cannot load; the native binding loads it, too.
  loadPackage('@tensorflow/tfjs')
  const reasons: Unavailable[] = []
  for (const candidate of chosen()) {
    const outcome = await candidate.load()
    if ('name' in outcome) return outcome
    reasons.push(outcome)
  }
  throw new StudioError({
    code: 'BACKEND_UNAVAILABLE',
    message: reasons.map(({ reason }) => reason).join(' '),
    next: reasons.map(({ fix }) => fix).join(' '),
  })
}

/** Loads the best available backend (or the one in `VASP_BACKEND`), once per process. */
export const loadBackend = (): Promise<LoadedBackend> => (loading ??= loadFirst())

/** Tries a backend by computing a product and its gradient; returns why it cannot be used otherwise. */
async function computing(candidate: Candidate): Promise<LoadedBackend | Unavailable> {
  const outcome = await candidate.load()
  if (!('name' in outcome)) return outcome
  try {
    const slope = tf.tidy(() => {
      const x = tf.tensor2d([1, 2], [1, 2])
      return tf.grad((w) => tf.sum(tf.square(tf.matMul(x, w as tf.Tensor2D))))(tf.tensor2d([3, 4], [2, 1]))
    })
    const values = (await slope.data()).join()
    slope.dispose()
    if (values === '22,44') return outcome
    return { reason: `${candidate.title} computes wrongly: 22, 44 became ${values}.`, fix: REINSTALL }
  } catch (error) {
    return { reason: `${candidate.title} was loaded but does not compute: ${said(error)}`, fix: REINSTALL }
  }
}

/** The backends of this machine, best first: which one is used, why not a better one, and what to do. */
export async function probeBackends(): Promise<BackendState[]> {
  const inUse = await loadBackend()
  const states: BackendState[] = []
  for (const candidate of candidates) {
    const { name, title } = candidate
    const outcome = await computing(candidate)
    states.push(
      'name' in outcome
        ? { name, title, available: true, inUse: name === inUse.name, version: outcome.version, ...remarks(name) }
        : { name, title, available: false, inUse: false, version: '', ...outcome },
    )
  }
  await tf.setBackend(inUse.name)
  return states
}
