import { StudioError, toErrorShape, type ErrorShape } from '../../shared/errors'
import { saysGpuIsFull, whenGpuIsFull } from '../../shared/gpu-memory'

/** How TensorFlow, the C++ runtime and V8 say that there was no memory left. */
const outOfMemory =
  /OOM when allocating|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|std::bad_alloc|Array buffer allocation failed|Invalid typed array length/

/** The shape of anything a task threw; an allocation that failed is told in plain words. */
export function workerError(error: unknown): ErrorShape {
  if (!(error instanceof StudioError) && error instanceof Error && outOfMemory.test(error.message)) {
    const words = error.message.split('\n')[0]?.slice(0, 200) ?? ''
    if (saysGpuIsFull(error.message))
      return {
        code: 'OUT_OF_MEMORY',
        message: `The GPU’s memory was not enough (${words}).`,
        next: whenGpuIsFull,
      }
    return {
      code: 'OUT_OF_MEMORY',
      message: `There was not enough memory (${words}).`,
      next: 'Close other programs, or choose a smaller model, a smaller batch or fewer items (--most-popular), then start it again.',
    }
  }
  return toErrorShape(error)
}
