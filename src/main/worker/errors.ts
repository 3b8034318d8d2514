import { StudioError, toErrorShape, type ErrorShape } from '../../shared/errors'
import { saysGpuIsFull, whenGpuIsFull } from '../../shared/gpu-memory'

/** Messages of TensorFlow, the C++ runtime and V8 when memory runs out. */
const outOfMemory =
  /OOM when allocating|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|std::bad_alloc|Array buffer allocation failed|Invalid typed array length/

/** Converts anything that a task threw; a failed allocation becomes a plain sentence. */
export function workerError(error: unknown): ErrorShape {
  if (!(error instanceof StudioError) && error instanceof Error && outOfMemory.test(error.message)) {
    const words = error.message.split('\n')[0]?.slice(0, 200) ?? ''
    if (saysGpuIsFull(error.message))
      return {
        code: 'OUT_OF_MEMORY',
        message: `The GPU ran out of memory (${words}).`,
        next: whenGpuIsFull,
      }
    return {
      code: 'OUT_OF_MEMORY',
      message: `The machine ran out of memory (${words}).`,
      next: 'Close other programs, or choose a smaller model, a smaller batch or fewer items (--most-popular), then start it again.',
    }
  }
  return toErrorShape(error)
}
