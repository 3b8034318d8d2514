import { StudioError, toErrorShape, type ErrorShape } from '../../shared/errors'

/** How TensorFlow, the C++ runtime and V8 say that there was no memory left. */
const outOfMemory =
  /OOM when allocating|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|std::bad_alloc|Array buffer allocation failed|Invalid typed array length/

/** TensorFlow names the device whose allocator had nothing left. */
const onGpu = /device:GPU:\d+|GPU_\d+_bfc|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate .* on device/i

/** The shape of anything a task threw; an allocation that failed is told in plain words. */
export function workerError(error: unknown): ErrorShape {
  if (!(error instanceof StudioError) && error instanceof Error && outOfMemory.test(error.message)) {
    const words = error.message.split('\n')[0]?.slice(0, 200) ?? ''
    if (onGpu.test(error.message))
      return {
        code: 'OUT_OF_MEMORY',
        message: `The GPU’s memory was not enough (${words}).`,
        next: 'Close other programs that use the GPU, compute a step in more parts (accumulate), choose a smaller model or fewer items (itemShare), or train on the processor (--device cpu); then start it again.',
      }
    return {
      code: 'OUT_OF_MEMORY',
      message: `There was not enough memory (${words}).`,
      next: 'Close other programs, or choose a smaller model, a smaller batch or fewer items (itemShare), then start it again.',
    }
  }
  return toErrorShape(error)
}
