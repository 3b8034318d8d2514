import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import pins from '../../../resources/native-runtime.json'
import { runtimeVariant, type RuntimeVariant } from '../../shared/devices'
import { cacheRoot } from './cache'
import { readPreference, writePreference } from './preferences'

/** Folder of one build of TensorFlow, with its libraries in `tensorflow` and our own kernels in `kernels`. */
export const runtimeFolder = (variant: RuntimeVariant): string =>
  join(cacheRoot(), 'tensorflow', `${pins.tensorflow.version}-${variant}`)

/** The folder in which a set-up of the CUDA build collects its files until they are complete. */
export const partialFolder = (): string => `${runtimeFolder('cuda12')}.partial`

export const bindingFile = (folder: string): string => join(folder, 'tensorflow', 'tfjs_binding.node')

/** Whether builds for GPUs exist for this kind of machine. */
export const cudaIsOffered = (): boolean => `${process.platform}-${process.arch}` === pins.tensorflow.platform

/** The files of each unpacked wheel with their sizes, by the wheel's SHA-256. */
const unpackedWheels = z.record(z.string(), z.record(z.string(), z.number()))
export type UnpackedWheels = z.infer<typeof unpackedWheels>
export const recordFile = (folder: string): string => join(folder, 'cuda.json')

/** What a set-up has recorded about the wheels in a folder; empty if there is no record, or if it cannot be read. */
export function wheelsIn(folder: string): UnpackedWheels {
  try {
    return unpackedWheels.parse(JSON.parse(readFileSync(recordFile(folder), 'utf8')))
  } catch {
    return {}
  }
}

/** Files of the wheels in a folder that are missing or have another size. */
export const missingFiles = (folder: string, files: Readonly<Record<string, number>>): string[] =>
  Object.entries(files)
    .filter(([name, size]) => statSync(join(folder, name), { throwIfNoEntry: false })?.size !== size)
    .map(([name]) => name)

/** Whether the set-up of the CUDA build was completed; single files may be missing since then, see `missingLibraries`. */
export function cudaIsInstalled(): boolean {
  const folder = runtimeFolder('cuda12')
  const wheels = wheelsIn(folder)
  return pins.cuda.wheels.every(({ sha256 }) => sha256 in wheels) && existsSync(bindingFile(folder))
}

/** Without any of these TensorFlow finds no GPU, and does not report why. */
export const missingLibraries = (): string[] => {
  const folder = runtimeFolder('cuda12')
  return Object.values(wheelsIn(folder)).flatMap((files) => missingFiles(folder, files))
}

/** Bytes of the files that a set-up of the CUDA build, finished or not, has left in a folder. */
export const bytesIn = (folder: string): number =>
  Object.values(wheelsIn(folder))
    .flatMap((files) => Object.values(files))
    .reduce((sum, size) => sum + size, 0)

/** The build that workers load: the CUDA build only if it was selected and its set-up was completed. */
export function selectedRuntime(): RuntimeVariant {
  const selected = runtimeVariant.safeParse(readPreference('runtime'))
  return selected.data === 'cuda12' && cudaIsInstalled() ? 'cuda12' : 'cpu'
}

/** Switches builds for workers that start from now on, with one write. */
export const selectRuntime = (variant: RuntimeVariant): void => writePreference('runtime', variant)
