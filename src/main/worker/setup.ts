import pins from '../../../resources/native-runtime.json'
import type { CudaSetupResult } from '../../shared/devices'
import { tryRuntime } from '../compute/try-runtime'
import { installCuda } from '../provisioning/install-cuda'
import type { Workplace } from './workplace'

/** Sets up TensorFlow for GPUs, tries it in this process, and has the workers that start from now on load it. */
export async function runSetup(place: Workplace): Promise<CudaSetupResult> {
  const { trial, ...bytes } = await installCuda(pins.cuda, place, tryRuntime)
  return place.commit(() => ({ variant: 'cuda12', ...trial, ...bytes }))
}
