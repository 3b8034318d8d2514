import { chosenDevice } from './choice'
import { selectedRuntime } from './runtimes'

/**
 * What a job that starts now computes on, so that no two do on the same: 'cpu', 'gpu' (the best one, whichever it is then) or the UUID of a GPU. A job
 * that finds no GPU computes on the processor, but keeps its place there. Throws BAD_INPUT if VASP_DEVICE is not a device.
 */
export function computeSlot(env: NodeJS.ProcessEnv = process.env): string {
  const { device } = chosenDevice(env)
  if (device === 'cpu' || selectedRuntime() === 'cpu') return 'cpu'
  return device === 'auto' ? 'gpu' : device
}
