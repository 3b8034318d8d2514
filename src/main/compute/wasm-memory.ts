import * as tf from '@tensorflow/tfjs-core'
import { StudioError } from '../../shared/errors'
import { formatBytes } from '../../shared/format'

/** What of the WebAssembly backend is needed: where it takes room for tensors. */
interface WasmBackend {
  readonly wasm: { _malloc(bytes: number): number; _free(address: number): void }
}

/**
 * Has the current backend, WebAssembly, throw OUT_OF_MEMORY where no room is left for a tensor. Its memory ends at 4 GiB whatever the machine has,
 * and tfjs does not look at what its allocator answers: the tensor would be written over others.
 */
export function refuseWhenFull(): void {
  const backend = tf.backend()
  if (!isWasm(backend)) throw new Error('the WebAssembly backend has another form than is known here')
  const { wasm } = backend
  // Its first call puts another function in its own place.
  wasm._free(wasm._malloc(1))
  const allocate = wasm._malloc.bind(wasm)
  wasm._malloc = (bytes) => {
    const address = allocate(bytes)
    if (address !== 0 || bytes === 0) return address
    throw new StudioError({
      code: 'OUT_OF_MEMORY',
      message: `There was no room for another ${formatBytes(bytes)}: WebAssembly, which this worker computes with, can hold 4 GiB at most.`,
      next: 'Choose a smaller model, a smaller batch or fewer items (--most-popular); or run `vasp doctor` to see how native TensorFlow can be had.',
    })
  }
}

const isWasm = (backend: object): backend is WasmBackend => {
  if (!('wasm' in backend) || typeof backend.wasm !== 'object' || backend.wasm === null) return false
  return '_malloc' in backend.wasm && typeof backend.wasm._malloc === 'function'
}
