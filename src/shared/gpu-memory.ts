/** TensorFlow names the device whose allocator ran out of memory; CUDA has its own message. */
const full =
  /OOM when allocating[^]*(device:GPU:\d+|GPU_\d+_bfc)|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate .* from device/i

/** Whether an error message means that the GPU's memory was not enough, rather than the machine's. */
export const saysGpuIsFull = (words: string): boolean => full.test(words)

/** What to do about it. */
export const whenGpuIsFull =
  'Close other programs that use the GPU, use more gradient accumulation steps (accumulate), choose a smaller model or fewer items (--most-popular), or train on the processor (--device cpu). Then start it again.'
