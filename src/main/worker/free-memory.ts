import { freeMemory, gpuOfDevice } from '../../shared/devices'
import { askDriver } from '../devices/nvidia-smi'
import { usableMemory } from '../models/usable-memory'

/**
 * Bytes that a run may take on the device that the backend computes on.
 *
 * @param device as the backend names it; the free memory of a GPU comes from its driver @returns `gpu`: the device if the bytes are a GPU's, not the
 * machine's
 */
export async function freeOnDevice(device: string): Promise<{ usable: number; gpu: string | null }> {
  const index = gpuOfDevice(device)
  if (index === null) return { usable: usableMemory(), gpu: null }
  const driver = await askDriver()
  const gpu = driver.state === 'answers' ? driver.gpus.find((other) => other.index === index) : undefined
  const free = gpu ? freeMemory(gpu) : null
  return free === null
    ? { usable: usableMemory(), gpu: null }
    : { usable: usableMemory(process.env, free), gpu: device }
}
