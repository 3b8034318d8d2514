import { chosenDevice } from './choice'
import { hasNvidiaHardware } from './hardware'
import type { DriverReport } from './nvidia-smi'
import { cudaIsInstalled, cudaIsOffered, missingLibraries, selectedRuntime } from './runtimes'
import type { GpuFacts } from './verdict'

/** The facts from this machine and its environment, in addition to the driver's answer. Throws BAD_INPUT if VASP_DEVICE is not a device. */
export function gpuFacts(driver: DriverReport, env: NodeJS.ProcessEnv = process.env): GpuFacts {
  const installed = cudaIsInstalled()
  const backend = env['VASP_BACKEND'] ?? ''
  return {
    offered: cudaIsOffered(),
    otherBackend: backend === '' || backend === 'tensorflow' ? null : backend,
    device: chosenDevice(env).device,
    driver,
    hardware: hasNvidiaHardware(),
    listed: env['CUDA_VISIBLE_DEVICES'],
    installed,
    selected: installed && selectedRuntime() === 'cuda12',
    missing: installed ? missingLibraries() : [],
    found: null,
  }
}
