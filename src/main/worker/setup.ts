import pins from '../../../resources/native-runtime.json'
import type { CudaSetupResult } from '../../shared/devices'
import { tryRuntime } from '../compute/try-runtime'
import { installCuda } from '../provisioning/install-cuda'
import type { WorkerContext } from './worker-context'

/** Sets up TensorFlow for GPUs, tries it in this process, and makes new workers load it. */
export async function runSetup(context: WorkerContext): Promise<CudaSetupResult> {
  const { trial, ...bytes } = await installCuda(pins.cuda, context, tryRuntime)
  return context.commit(() => ({ variant: 'cuda12', ...trial, ...bytes }))
}
