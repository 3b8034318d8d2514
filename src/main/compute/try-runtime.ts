import * as tf from '@tensorflow/tfjs-core'
import { StudioError } from '../../shared/errors'
import { prepareDevice } from '../devices/device-environment'
import { loadRuntimeFrom } from './native-runtime'
import { nativeBackend } from './native-ops'

/**
 * Loads the build of TensorFlow in a folder and multiplies two matrices with it. Once per process, because a broken library may end the process.
 * Throws BACKEND_UNAVAILABLE if it does not run. @returns its version, and whether it uses a GPU
 */
export async function tryRuntime(folder: string): Promise<{ version: string; gpu: boolean }> {
  await prepareDevice()
  const runtime = loadRuntimeFrom(folder)
  const refuse = (words: string): StudioError =>
    new StudioError({
      code: 'BACKEND_UNAVAILABLE',
      message: `The build does not run on this machine (${words}); the CPU build stays in use.`,
      next: 'Start the set-up again. If it fails again, copy this message and report it.',
    })
  if (!runtime.available) throw refuse(runtime.reason)
  await tf.setBackend('tensorflow')
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])))
  const values = Array.from(await product.data()).join()
  product.dispose()
  if (values !== '19,22,43,50') throw refuse(`a product came out as ${values}`)
  return { version: runtime.version, gpu: nativeBackend()?.isUsingGpuDevice ?? false }
}
