import { z } from 'zod'
import { badInput } from './errors'

/** One NVIDIA GPU, as its driver describes it now; `null` for what this model does not measure. */
export const gpu = z.object({
  /** Its number on this machine, in the order of the bus. */
  index: z.number().int().nonnegative(),
  uuid: z.string(),
  name: z.string(),
  driver: z.string(),
  /** Bytes. */
  memoryTotal: z.number().nullable(),
  memoryUsed: z.number().nullable(),
  /** Share of the last moments in which it computed, 0 … 1. */
  utilisation: z.number().nullable(),
  /** °C. */
  temperature: z.number().nullable(),
})
export type Gpu = z.infer<typeof gpu>

/** Where a run computes: `auto` (a GPU where one can be used), `cpu`, or a GPU by its number or UUID. */
export const deviceChoice = z
  .string()
  .trim()
  .regex(/^(auto|cpu|\d{1,3}|GPU-[0-9a-fA-F-]{4,64})$/)
export type DeviceChoice = z.infer<typeof deviceChoice>

/** The builds of native TensorFlow that can lie on this machine side by side. */
export const runtimeVariant = z.enum(['cpu', 'cuda12'])
export type RuntimeVariant = z.infer<typeof runtimeVariant>

/** Why no GPU is used, in the order in which it is looked for. */
export const gpuObstacle = z.enum([
  'platform',
  'other-backend',
  'chosen-cpu',
  'no-gpu',
  'no-driver',
  'driver-silent',
  'driver-unreadable',
  'driver-too-old',
  'not-installed',
  'not-selected',
  'library-missing',
  'hidden',
  'refused',
])
export type GpuObstacle = z.infer<typeof gpuObstacle>

/** Whether runs compute on a GPU; otherwise why not, and what to do about it. */
export const gpuVerdict = z.object({
  /** The GPU that runs compute on, `null` where they compute on the processor. */
  gpu: gpu.nullable(),
  obstacle: gpuObstacle.nullable(),
  /** Whether something is amiss that its owner may want to put right: there is a GPU, and it is not used against their will. */
  amiss: z.boolean(),
  /** A sentence each; empty where nothing needs saying. */
  reason: z.string(),
  fix: z.string(),
})
export type GpuVerdict = z.infer<typeof gpuVerdict>

/** Everything about GPUs and the build of TensorFlow that uses them, without loading TensorFlow. */
export const accelerator = z.object({
  gpus: z.array(gpu),
  verdict: gpuVerdict,
  device: deviceChoice,
  /** Where the choice comes from: `environment` (VASP_DEVICE or --device) goes before what is remembered. */
  deviceFrom: z.enum(['environment', 'remembered', 'default']),
  cuda: z.object({
    /** Whether CUDA builds exist for this kind of machine at all. */
    offered: z.boolean(),
    version: z.string(),
    installed: z.boolean(),
    /** Whether workers load it, rather than the build for processors. */
    selected: z.boolean(),
    /** Bytes that a set-up still has to download, and that it takes on disk when it is done. */
    downloadBytes: z.number(),
    installedBytes: z.number(),
    /** Bytes of an interrupted set-up that the next one goes on from. */
    keptBytes: z.number(),
  }),
})
export type Accelerator = z.infer<typeof accelerator>

/** What a set-up of the CUDA build leaves: which build is used now, and whether a GPU was found with it. */
export const cudaSetupResult = z.object({
  variant: runtimeVariant,
  version: z.string(),
  /** Whether TensorFlow took a GPU when it was tried. */
  gpu: z.boolean(),
  downloadedBytes: z.number(),
  installedBytes: z.number(),
})
export type CudaSetupResult = z.infer<typeof cudaSetupResult>

/** Reads a device as people type it; throws BAD_INPUT. @param what names it in the sentence */
export function readDevice(text: string, what: string): DeviceChoice {
  const lower = text.trim().toLowerCase()
  const read = deviceChoice.safeParse(lower === 'auto' || lower === 'cpu' ? lower : text.trim())
  if (read.success) return read.data
  throw badInput(
    `${what} is “${text}”, which is no device.`,
    'Use auto, cpu, or the number of a GPU that vasp doctor shows.',
  )
}

export const gpuNamed = (gpus: readonly Gpu[], device: string): Gpu | null =>
  gpus.find(({ index, uuid }) => String(index) === device || uuid === device) ?? null

/** Throws BAD_INPUT where a GPU is named that is not among `gpus`. */
export function requireDevice(device: DeviceChoice, gpus: readonly Gpu[]): void {
  if (device === 'auto' || device === 'cpu' || gpuNamed(gpus, device)) return
  throw badInput(
    `This machine has no GPU “${device}”.`,
    gpus.length > 0
      ? `Use auto, cpu, or one of ${gpus.map(({ index, name }) => `${index} (${name})`).join(', ')}.`
      : 'Use auto or cpu: no GPU was found, see vasp doctor.',
  )
}

/** How a run names the device that it was trained on: `GPU 0: NVIDIA L4`. */
export const gpuTitle = ({ index, name }: Pick<Gpu, 'index' | 'name'>): string => `GPU ${index}: ${name}`

/** The number of the GPU in a run's device name, or null: a processor, or a GPU whose number is not known. */
export function gpuOfDevice(device: string): number | null {
  const index = /^GPU (\d+): /.exec(device)?.[1]
  return index === undefined ? null : Number(index)
}

/** Bytes that are free on a GPU, `null` where the driver does not say. */
export const freeMemory = ({ memoryTotal, memoryUsed }: Gpu): number | null =>
  memoryTotal === null || memoryUsed === null ? null : Math.max(0, memoryTotal - memoryUsed)
