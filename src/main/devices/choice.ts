import { deviceChoice, gpuNamed, readDevice, requireDevice, type DeviceChoice, type Gpu } from '../../shared/devices'
import { readPreference, writePreference } from './preferences'

export interface ChosenDevice {
  readonly device: DeviceChoice
  readonly from: 'environment' | 'remembered' | 'default'
}

/** The device for runs: `VASP_DEVICE`, or the choice stored on this machine, or `auto`. Throws BAD_INPUT if VASP_DEVICE is not a device. */
export function chosenDevice(env: NodeJS.ProcessEnv = process.env): ChosenDevice {
  const said = env['VASP_DEVICE']
  if (said !== undefined && said.trim() !== '') return { device: readDevice(said, 'VASP_DEVICE'), from: 'environment' }
  const remembered = deviceChoice.safeParse(readPreference('device'))
  return remembered.success ? { device: remembered.data, from: 'remembered' } : { device: 'auto', from: 'default' }
}

/** Stores a device for this machine. Throws BAD_INPUT if no such GPU is among `gpus`. */
export function rememberDevice(device: DeviceChoice, gpus: readonly Gpu[]): void {
  requireDevice(device, gpus)
  writePreference('device', device)
}

/**
 * The GPUs of the machine that this process may see: all, or those that CUDA_VISIBLE_DEVICES (set by a scheduler, or by hand) lists by number
 * or UUID. As in CUDA, the list ends at the first invalid entry.
 */
export function visibleGpus(gpus: readonly Gpu[], listed: string | undefined): Gpu[] {
  if (listed === undefined) return [...gpus]
  const visible: Gpu[] = []
  for (const entry of listed.split(',').map((part) => part.trim())) {
    const found = gpus.find(({ index, uuid }) => String(index) === entry || (entry !== '' && uuid.startsWith(entry)))
    if (!found) break
    visible.push(found)
  }
  return visible
}

/**
 * The one GPU for a run: the named one if it is visible, otherwise the one with the most free memory, the first of equals.
 * Only one, because the binding computes on one but would take the memory of all.
 */
export function pickGpu(gpus: readonly Gpu[], device: DeviceChoice): Gpu | null {
  const named = gpuNamed(gpus, device)
  if (named) return named
  const free = (gpu: Gpu): number => (gpu.memoryTotal ?? 0) - (gpu.memoryUsed ?? 0)
  return gpus.reduce<Gpu | null>((best, gpu) => (best === null || free(gpu) > free(best) ? gpu : best), null)
}
