import type { Gpu } from '../../shared/devices'
import { chosenDevice, pickGpu, visibleGpus } from './choice'
import { askDriver } from './nvidia-smi'
import { selectedRuntime } from './runtimes'

/**
 * Prepares this process's environment for TensorFlow, which reads it when it is loaded: numbers GPUs as nvidia-smi does, lets memory grow with
 * need instead of taking the whole card, and shows TensorFlow only the GPU for this run. Products stay in TF32 if the card has it:
 * that is TensorFlow's own default, which NVIDIA_TF32_OVERRIDE=0 turns off.
 *
 * @returns the GPU that TensorFlow will see, `null` if none is to be used or the driver finds none
 */
export async function prepareDevice(env: NodeJS.ProcessEnv = process.env): Promise<Gpu | null> {
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID'
  const { device } = chosenDevice(env)
  if (device === 'cpu') {
    env['CUDA_VISIBLE_DEVICES'] = '-1'
    return null
  }
  if (selectedRuntime() !== 'cuda12') return null
  const driver = await askDriver(env)
  if (driver.state !== 'answers') return null
  const gpu = pickGpu(visibleGpus(driver.gpus, env['CUDA_VISIBLE_DEVICES']), device)
  if (gpu) env['CUDA_VISIBLE_DEVICES'] = gpu.uuid
  return gpu
}
