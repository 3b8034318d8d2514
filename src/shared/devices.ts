import { z } from 'zod'
import { badInput } from './errors'

/** An NVIDIA GPU, as described by its driver; `null` for values that it does not measure. */
export const gpu = z.object({
  /** Its number on this machine, in bus order. */
  index: z.number().int().nonnegative(),
  uuid: z.string(),
  name: z.string(),
  driver: z.string(),
  /** Bytes. */
  memoryTotal: z.number().nullable(),
  memoryUsed: z.number().nullable(),
  /** Share of the recent time in which it was busy, 0 … 1. */
  utilisation: z.number().nullable(),
  /** °C. */
  temperature: z.number().nullable(),
})
export type Gpu = z.infer<typeof gpu>

/** The device of a run: `auto` (a GPU if one can be used), `cpu`, or a GPU by its number or UUID. */
export const deviceChoice = z
  .string()
  .trim()
  .regex(/^(auto|cpu|\d{1,3}|GPU-[0-9a-fA-F-]{4,64})$/)
export type DeviceChoice = z.infer<typeof deviceChoice>

/** The builds of native TensorFlow that can be installed side by side. */
export const runtimeVariant = z.enum(['cpu', 'cuda12'])
export type RuntimeVariant = z.infer<typeof runtimeVariant>

/** Why no GPU is used, in the order of the checks. */
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

/** Whether runs use a GPU; if not, why and what to do. */
export const gpuVerdict = z.object({
  /** The GPU that runs use, `null` if they use the processor. */
  gpu: gpu.nullable(),
  obstacle: gpuObstacle.nullable(),
  /** Whether the owner may want to fix this: there is a GPU, nobody chose the processor, and the GPU is not used. */
  isProblem: z.boolean(),
  /** One sentence each; empty if there is nothing to say. */
  reason: z.string(),
  fix: z.string(),
})
export type GpuVerdict = z.infer<typeof gpuVerdict>

/** Everything about GPUs and the build of TensorFlow that uses them, without loading TensorFlow. */
export const accelerator = z.object({
  gpus: z.array(gpu),
  verdict: gpuVerdict,
  device: deviceChoice,
  /** Source of the choice: `environment` (VASP_DEVICE or --device) overrides the stored one. */
  deviceFrom: z.enum(['environment', 'remembered', 'default']),
  cuda: z.object({
    /** Whether CUDA builds exist for this kind of machine. */
    offered: z.boolean(),
    version: z.string(),
    installed: z.boolean(),
    /** Whether workers load it, rather than the CPU build. */
    selected: z.boolean(),
    /** Bytes that a set-up still has to download, and its size on disk when done. */
    downloadBytes: z.number(),
    installedBytes: z.number(),
    /** Bytes of an interrupted set-up that the next one reuses. */
    keptBytes: z.number(),
  }),
})
export type Accelerator = z.infer<typeof accelerator>

/** The result of a set-up of the CUDA build: the build in use, and whether it found a GPU. */
export const cudaSetupResult = z.object({
  variant: runtimeVariant,
  version: z.string(),
  /** Whether TensorFlow used a GPU when it was tried. */
  gpu: z.boolean(),
  downloadedBytes: z.number(),
  installedBytes: z.number(),
})
export type CudaSetupResult = z.infer<typeof cudaSetupResult>

/** Parses a device; throws BAD_INPUT. @param what its name in the message */
export function readDevice(text: string, what: string): DeviceChoice {
  const lower = text.trim().toLowerCase()
  const read = deviceChoice.safeParse(lower === 'auto' || lower === 'cpu' ? lower : text.trim())
  if (read.success) return read.data
  throw badInput(
    `${what} is “${text}”, which is not a device.`,
    'Use auto, cpu, or the number of a GPU that vasp doctor shows.',
  )
}

export const gpuNamed = (gpus: readonly Gpu[], device: string): Gpu | null =>
  gpus.find(({ index, uuid }) => String(index) === device || uuid === device) ?? null

/** Throws BAD_INPUT for a GPU that is not in `gpus`. */
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

/** Free bytes on a GPU, `null` if the driver does not report them. */
export const freeMemory = ({ memoryTotal, memoryUsed }: Gpu): number | null =>
  memoryTotal === null || memoryUsed === null ? null : Math.max(0, memoryTotal - memoryUsed)
