import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import pins from '../../../resources/native-runtime.json'
import type { RuntimeVariant } from '../../shared/devices'
import { cacheRoot } from '../devices/cache'
import { bindingFile, runtimeFolder, selectedRuntime } from '../devices/runtimes'
import { loadKernels } from './native-kernels'

/** Whether a backend can be used; if not, why and what to do. */
export type Availability =
  | { readonly available: true; readonly version: string }
  | { readonly available: false; readonly version: string; readonly reason: string; readonly fix: string }

/**
 * The parts of the native binding and of tfjs-node's module that are used here. Their own types are not imported: they import those of the package
 * `@tensorflow/tfjs`, which declare methods on every tensor (`x.add(y)`) that exist only where this binding was loaded.
 */
interface Binding {
  readonly TF_Version: string
}
interface NodeBackendModule {
  readonly NodeJSKernelBackend: new (binding: Binding, packageName: string) => tf.KernelBackend
}

const SET_UP =
  'Run `npm start` or `npm run vasp -- setup` in the VASP Studio folder; it downloads and sets up native TensorFlow.'

const setupOutcome = z.object({ ok: z.boolean(), reason: z.string(), fix: z.string() })

/** How the last set-up of native TensorFlow failed; null if it succeeded or was never tried. */
function lastSetupFailure(): { reason: string; fix: string } | null {
  const file = join(cacheRoot(), 'tensorflow', 'last-setup.json')
  if (!existsSync(file)) return null
  let written: unknown
  try {
    written = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { reason: 'The record of the last set-up cannot be read.', fix: SET_UP }
  }
  const outcome = setupOutcome.safeParse(written)
  return outcome.success && !outcome.data.ok ? outcome.data : null
}

let loaded: Availability | null = null
let unloadable = ''

/** Why the selected CUDA build was not loaded; empty if it was loaded or not selected. */
export const cudaBuildRefused = (): string => unloadable

/**
 * Loads libtensorflow through the binding once per process and registers it as the tfjs backend `tensorflow` with all its kernels: the selected
 * build, or the CPU build if that does not load. Call `prepareDevice` first. Never throws: returns the reason if it cannot be loaded.
 */
export function loadNativeRuntime(): Availability {
  return (loaded ??= tryToLoad())
}

const { version } = pins.tensorflow
const unavailable = (reason: string, fix: string): Availability => ({ available: false, version, reason, fix })

function tryToLoad(): Availability {
  const here = `${process.platform}-${process.arch}`
  if (here !== pins.tensorflow.platform)
    return unavailable(
      `Native TensorFlow is available for ${pins.tensorflow.platform}; this machine is ${here}.`,
      'You need not do anything: WebAssembly is used instead. For more speed, use VASP Studio on a Linux x64 machine.',
    )
  if (selectedRuntime() === 'cuda12') {
    const cuda = loadVariant('cuda12')
    if (cuda.available) return cuda
    unloadable = cuda.reason
  }
  if (!existsSync(bindingFile(runtimeFolder('cpu')))) {
    const failure = lastSetupFailure()
    return failure
      ? unavailable(`Setting up native TensorFlow failed: ${failure.reason}`, failure.fix || SET_UP)
      : unavailable('Native TensorFlow is not set up on this machine.', SET_UP)
  }
  return loadVariant('cpu')
}

/** Loads a given build; set-up uses it to try a build before it switches. Once per process. */
export function loadRuntimeFrom(folder: string): Availability {
  return (loaded ??= load(folder))
}

const loadVariant = (variant: RuntimeVariant): Availability => load(runtimeFolder(variant))

function load(folder: string): Availability {
  try {
    // libtensorflow reads it when it is loaded: no chatter on standard error.
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
    // tfjs-node still calls the first of these, which Node 23 removed, and the second, which warns on standard error.
    Object.assign(util, {
      isNullOrUndefined: (value: unknown) => value === null || value === undefined,
      isArray: (value: unknown) => Array.isArray(value),
    })

    // Not called `require`: the build adds one of that name to every module that seems to need it.
    const loadPackage = createRequire(import.meta.url)
    // Two instances of tfjs-core would not know each other's tensors.
    if (loadPackage('@tensorflow/tfjs-core') !== coreModule()) throw new Error('two copies of tfjs-core are installed')
    const binding = loadPackage(bindingFile(folder)) as Binding
    const { NodeJSKernelBackend } = loadPackage(
      '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend',
    ) as NodeBackendModule
    const backend = new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu')
    tf.registerBackend('tensorflow', () => backend, 3)
    loadPackage('@tensorflow/tfjs-node-gpu/dist/register_all_kernels')
    loadKernels(folder)
    return { available: true, version: binding.TF_Version }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return unavailable(
      `Native TensorFlow could not be loaded: ${words}`,
      `Delete the folder ${join(folder, 'tensorflow')} and run \`npm start\` again; that sets TensorFlow up again.`,
    )
  }
}

/** The CommonJS module behind our import of tfjs-core: Node gives a CommonJS module's exports as the namespace's default. */
const coreModule = (): unknown => ('default' in tf ? tf.default : tf)
